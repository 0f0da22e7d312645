"""Signed webhooks to Svarbro: at once for an answer, in the background for receipts."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

import requests

from delivery.instants import instant
from kernel.clock import Clock
from kernel.errors import SettingsError

EVENTS = "/channels/{}/events"
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Waits between the attempts of one receipt; after the last it is given up."""

_TIMEOUT_S = 10
_CLOSE = None
_FOREIGN_KEY = b"somebody else's"


@dataclass(frozen=True, slots=True)
class Call:
    """One call to Svarbro.

    Args:
        id: its `webhook-id`, the same at each attempt.
        is_forged: signed by somebody who does not know the secret.
        is_replayed: once it was taken, the very same bytes come again.
    """

    id: str
    body: bytes = field(repr=False)
    is_forged: bool = False
    is_replayed: bool = False


class Webhooks:
    """Signs (Standard Webhooks) and sends for one app; receipts leave in order, from a thread of their own."""

    def __init__(
        self,
        svarbro_url: str,
        channel: str,
        secret: str,
        *,
        clock: Clock,
        pauses_s: tuple[float, ...] = PAUSES_S,
    ) -> None:
        """Bind to Svarbro's address and the shared secret of a channel.

        Raises:
            SettingsError: the secret is not `whsec_<base64>`.
        """
        self._url = svarbro_url.rstrip("/") + EVENTS.format(channel)
        self._key = _key_of(secret)
        self._clock = clock
        self._pauses_s = pauses_s
        self._queue: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="receipts", daemon=True)
        self._thread.start()

    def receipt(self, key: str, reference: str, event: str) -> None:
        """Queue one receipt; returns at once."""
        at = instant(self._clock.now())
        self.queue(self.receipt_call({"orderId": key, "event": event, "reference": reference, "at": at}))

    def receipt_call(self, data: dict[str, Any], *, is_forged: bool = False, is_replayed: bool = False) -> Call:
        """Make the call of one receipt."""
        return Call(new_id(), _body("receipt", self._clock.now(), data), is_forged, is_replayed)

    def queue(self, call: Call) -> None:
        """Send a call in its turn, patiently."""
        self._queue.put(call)

    def now(self, call: Call) -> None:
        """Send a call once, before anything else happens; that it is not taken is nobody's concern."""
        self._is_taken(call)

    def answer(self, order_id: str, document: bytes) -> requests.Response:
        """Send an answer now and return what Svarbro said.

        Raises:
            requests.RequestException: Svarbro cannot be reached.
        """
        content = {"contentType": "application/fhir+json", "data": base64.b64encode(document).decode("ascii")}
        body = _body("response", self._clock.now(), {"orderId": order_id, "document": content})
        return self._post(Call(new_id(), body))

    def stop(self) -> None:
        """Finish the attempt in hand and end the thread; what still waits is given up."""
        self._stopping.set()
        self._queue.put(_CLOSE)
        self._thread.join()

    def _work(self) -> None:
        while (entry := self._queue.get()) is not None and not self._stopping.is_set():
            self._send_patiently(entry)

    def _send_patiently(self, call: Call) -> None:
        for pause_s in (*self._pauses_s, 0):
            if self._is_taken(call) or self._stopping.wait(pause_s):
                return

    def _is_taken(self, call: Call) -> bool:
        """Tell whether Svarbro took it, or refused it for good."""
        try:
            return self._post(call).status_code < 500  # a refusal is not cured by repeating it
        except requests.RequestException:
            return False

    def _post(self, call: Call) -> requests.Response:
        timestamp = str(int(self._clock.now().timestamp()))
        signed = b".".join((call.id.encode(), timestamp.encode(), call.body))
        key = _FOREIGN_KEY if call.is_forged else self._key
        signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")
        headers = {
            "Content-Type": "application/json",
            "webhook-id": call.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": f"v1,{signature}",
        }
        with requests.Session() as session:
            session.trust_env = False
            for _ in range(1 + call.is_replayed):
                said = session.post(
                    self._url, data=call.body, headers=headers, timeout=_TIMEOUT_S, allow_redirects=False
                )
        return said


def _key_of(secret: str) -> bytes:
    kind, _, encoded = secret.partition("_")
    try:
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if kind != "whsec" or not key:
        raise SettingsError("the webhook secret must be whsec_ followed by base64")
    return key


def new_id() -> str:
    """Make an id for a call."""
    return f"msg_{uuid4().hex}"


def _body(kind: str, at: datetime, data: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "timestamp": instant(at), "data": data}, separators=(",", ":")).encode()
