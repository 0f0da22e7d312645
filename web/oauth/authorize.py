"""`/oauth/authorize`: the browser of a launch gets a code, and goes back to the practice system with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from flow.issue_token import IssueTokens
from flow.launch import LaunchPatient
from kernel.errors import InvalidInputError, Issue
from kernel.ids import ClinicId
from kernel.log import logger
from security.client import Client
from security.launch import CHALLENGE, SCOPE

log = logger(__name__)
KEY = "launch"
"""Where a browser keeps what opens the page: the clinic, and a secret of its own."""
ASKED = frozenset(
    ("response_type", "client_id", "redirect_uri", "scope", "state", "aud", "launch", "code_challenge")
) | {"code_challenge_method"}
LONGEST = 500
"""Characters of a parameter."""


class _RefusedError(Exception):
    """The launch is not authorized; the practice system is told why, by a code of RFC 6749 section 4.1.2.1."""


@dataclass(frozen=True, slots=True)
class Authorize:
    """The view.

    Args:
        public_url: where the world reaches us; `aud` names our FHIR door there.
    """

    launch: LaunchPatient
    clients: IssueTokens
    public_url: str

    def __call__(self) -> ResponseReturnValue:
        """Answer the browser that a practice system sent with a launch.

        Raises:
            InvalidInputError: it is not known where the browser came from, so it is sent nowhere.
        """
        asked = _single(request.args.to_dict(flat=False))
        client = self._client(asked)
        try:
            told = {"code": self._code(client, asked)}
        except _RefusedError as error:
            log.info("launch-refused", code=str(error))
            told = {"error": str(error)}
        state = {"state": asked["state"]} if "state" in asked else {}
        back = urlencode({**told, **state, "iss": self.public_url})
        return redirect(f"{client.redirect_uri}?{back}", 303)

    def _client(self, asked: Mapping[str, str]) -> Client:
        known = self.clients.find(asked.get("client_id", ""))
        address = known.client.redirect_uri if known else None
        if known is None or address is None or asked.get("redirect_uri") != address:
            text = "No system that opens pages is registered by this id with this address."
            raise InvalidInputError(text, issues=[Issue("value", text, "redirect_uri", rule="client")])
        return known.client

    def _code(self, client: Client, asked: Mapping[str, str]) -> str:
        _check(asked, f"{self.public_url}/fhir")
        ticket = self.launch.authorize(client, asked["launch"], asked["code_challenge"])
        if ticket is None:
            raise _RefusedError("access_denied")
        session[KEY] = [client.clinic_id, ticket.browser]
        return ticket.code


def kept_browser() -> tuple[ClinicId, str] | None:
    """Take what this browser got for a launch; it is there once."""
    kept = session.pop(KEY, None)
    return (ClinicId(kept[0]), str(kept[1])) if kept else None


def _single(given: Mapping[str, list[str]]) -> Mapping[str, str]:
    """Return the parameters that are there once, and short enough; the others count as not there."""
    return {name: values[0] for name, values in given.items() if len(values) == 1 and len(values[0]) <= LONGEST}


def _check(asked: Mapping[str, str], audience: str) -> None:
    """Refuse what is not exactly a launch with PKCE.

    Raises:
        _RefusedError: by the code of RFC 6749.

    Source: SMART App Launch 2.2, EHR launch; RFC 7636.
    """
    if asked.get("response_type") != "code":
        raise _RefusedError("unsupported_response_type")
    if asked.get("scope") != SCOPE:
        raise _RefusedError("invalid_scope")
    is_whole = all(asked.get(name) for name in ASKED)
    has_challenge = CHALLENGE.fullmatch(asked.get("code_challenge", "")) is not None
    if not is_whole or not has_challenge or asked["code_challenge_method"] != "S256" or asked["aud"] != audience:
        raise _RefusedError("invalid_request")
