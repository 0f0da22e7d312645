"""One HTTP exchange with a receiver: keys, deadline and size limit in, an answer or a sorted failure out."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import requests
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError

from delivery.deadline import WatchedAdapter, cut_at, waited
from kernel.errors import HandoverError

MAX_ANSWER_BYTES = 1024 * 1024
_PIECE_BYTES = 65536
_UNAVAILABLE = 503
"""The receiver says that it did not begin: it cannot have taken the message."""
_TRY_AGAIN = frozenset({401, 403, 408, 409, 425, 429})
"""Client errors that another attempt can cure: our credentials are renewed, or the same key was just being handled."""
_IN_HAND = frozenset({408, 409})
"""An attempt was cut off, or one with the same key is still being handled: it may yet be taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered: success, or a status that the caller expects.

    Args:
        headers: names in lower case.
        raw: the body.
    """

    status: int
    headers: Mapping[str, str]
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receiver calls a message that it took.

    Args:
        duplicate: it had the key already.
    """

    reference: str
    duplicate: bool


class Transport:
    """Speaks HTTP to one receiver: no retries, no redirects, no proxy or password from the environment."""

    def __init__(
        self, base_url: str, token: str | None, *, timeout_s: float, error: type[HandoverError], receiver: str
    ) -> None:
        """Bind to a receiver.

        Args:
            base_url: without a slash at the end.
            token: bearer token; None = the receiver asks for none.
            timeout_s: for the connection, for each wait, and for the whole answer.
            error: what failures are raised as.
            receiver: its name in error texts.
        """
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._timeout_s = timeout_s
        self._error = error
        self._receiver = receiver
        self._local = threading.local()

    def exchange(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        expected: frozenset[int] = frozenset(),
    ) -> Answer:
        """Send one request and read the whole answer.

        Args:
            method: HTTP method.
            path: below the base URL; holds no identifier of a person.
            body: sent as it stands.
            headers: besides the token.
            expected: error statuses that are returned, not raised.

        Raises:
            HandoverError: of the kind given at construction, sorted into permanent and try again.
        """
        try:
            answer = self._perform(method, path, body, headers or {})
        except requests.RequestException as error:
            raise self._sorted(error, method) from error
        if answer.status >= 300 and answer.status not in expected:
            raise self._refused(answer, method)
        return answer

    def hand_over(self, path: str, key: str, body: Mapping[str, Any]) -> Taken:
        """Send one message as JSON and read what the receiver calls it.

        Args:
            key: idempotency key: the same key twice is taken once.

        Raises:
            HandoverError: of the kind given at construction, sorted into permanent and try again.
        """
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        return self.taken(self.exchange("POST", path, body=raw, headers=headers))

    def taken(self, answer: Answer) -> Taken:
        """Read what the receiver calls a message.

        Raises:
            HandoverError: the answer names none; the message may well have been taken.
        """
        try:
            said = json.loads(answer.raw)
        except ValueError as error:
            raise self.broken("answered with no JSON", maybe_accepted=True) from error
        reference = said.get("reference") if isinstance(said, dict) else None
        if not isinstance(reference, str) or not reference:
            raise self.broken("answered without a reference", maybe_accepted=True)
        return Taken(reference, said.get("duplicate") is True)

    def broken(self, what: str, *, maybe_accepted: bool) -> HandoverError:
        """Make the error for an answer that arrived but cannot be read; try again.

        Args:
            what: what is wrong with it, as the end of a sentence.
            maybe_accepted: it answers a message, which the receiver may well have taken.
        """
        return self._error(f"{self._receiver} {what}", maybe_accepted=maybe_accepted)

    def _perform(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        deadline = monotonic() + self._timeout_s
        with (
            cut_at(deadline),
            self._session().request(
                method,
                self._base_url + path,
                data=body,
                headers={**self._bearer(), "Accept-Encoding": "identity", **headers},
                timeout=self._timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response,
        ):
            raw = _read(response, deadline)
            return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, raw)

    def _bearer(self) -> Mapping[str, str]:
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}

    def _session(self) -> requests.Session:
        """Return this thread's session: `requests` does not promise that one can be shared."""
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            session.trust_env = False
            for scheme in ("http://", "https://"):
                session.mount(scheme, WatchedAdapter())
            self._local.session = session
        return session

    def _sorted(self, error: requests.RequestException, method: str) -> HandoverError:
        unsent = _never_left(error)
        what = "cannot be reached" if unsent else "gave no answer"
        return self._error(f"{self._receiver} {what}", maybe_accepted=not unsent and method != "GET")

    def _refused(self, answer: Answer, method: str) -> HandoverError:
        status = answer.status
        is_client_error = 400 <= status < 500
        permanent = is_client_error and status not in _TRY_AGAIN
        unclear = (status >= 500 and status != _UNAVAILABLE) or status in _IN_HAND
        return self._error(
            f"{self._receiver} answered {status}",
            permanent=permanent,
            maybe_accepted=unclear and method != "GET",
            retry_after_s=retry_after_s(answer.headers.get("retry-after"), answer.headers.get("date")),
            http_status=status,
        )


def retry_after_s(value: str | None, answered: str | None) -> float | None:
    """Read a Retry-After header in both its forms.

    Args:
        value: seconds or an HTTP date; None when absent.
        answered: the answer's own Date header: the receiver's date counts by the receiver's clock, not by ours.

    Returns:
        Seconds to wait, 0 for a past date; None when absent or not readable.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(answered or "")
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _read(response: requests.Response, deadline: float) -> bytes:
    """Read a body that neither drips for ever nor floods."""
    parts = bytearray()
    try:
        # `read1` gives what has arrived; the iterators of `requests` wait for a full piece, however long it takes.
        while part := response.raw.read1(_PIECE_BYTES):
            parts += part
            if monotonic() > deadline:
                raise requests.ReadTimeout("the answer came too slowly")
            if len(parts) > MAX_ANSWER_BYTES:
                raise requests.exceptions.ContentDecodingError("the answer is too large")
    except HTTPError as error:
        raise requests.ConnectionError(error) from error
    if monotonic() > deadline:
        raise requests.ReadTimeout("the answer was cut off")
    return bytes(parts)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether no byte of the request can have reached the receiver."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    if isinstance(error, requests.exceptions.SSLError):
        # A fault of TLS may come at the greeting, or long after it.
        return not waited()
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
