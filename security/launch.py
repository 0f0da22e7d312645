"""Launches: what a practice system says when it opens one patient's page, and how its browser proves itself."""

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from kernel.errors import InvalidInputError, Issue
from kernel.ids import PatientRef, PersonId

SCOPE = "launch"
"""All that a launch asks for: it opens a page, and no machine door."""
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
LONGEST_ADDRESS = 500
LOCAL = frozenset({"127.0.0.1", "localhost"})


class LaunchState(StrEnum):
    """How far a launch has come: one step at a time, none twice.

    PREPARED: the practice system said who opens whom. AUTHORIZED: a browser came with the launch and got a code.
    REDEEMED: the practice system changed the code, by its own key. OPENED: that browser shows the page. VOID: a code
    came twice, so nobody is let in.
    """

    PREPARED = "prepared"
    AUTHORIZED = "authorized"
    REDEEMED = "redeemed"
    OPENED = "opened"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Launch:
    """One launch.

    Args:
        client_id: the practice system.
        person_id: who of the staff opens.
        patient_ref: the one patient who is opened.
    """

    id: str
    client_id: str
    person_id: PersonId
    patient_ref: PatientRef
    state: LaunchState


def challenge_of(verifier: str) -> str | None:
    """Return the challenge that a code verifier answers; None where it is none.

    Source: RFC 7636 section 4.2, S256.
    """
    if not VERIFIER.fullmatch(verifier):
        return None
    return urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def demand_redirect(address: str, *, is_demo: bool) -> str:
    """Return an address to which a browser may be sent back.

    Args:
        is_demo: it may be on this machine, without TLS.

    Raises:
        InvalidInputError: it is none.
    """
    if not _is_plain(address) or not _is_safe(address, is_demo=is_demo):
        text = "The address to come back to begins with https:// and has no user, query or fragment."
        raise InvalidInputError(text, issues=[Issue("value", text, "redirect_uri", rule="redirect")])
    return address


def _is_plain(address: str) -> bool:
    return len(address) <= LONGEST_ADDRESS and address.isascii() and re.search(r"[\s\\?#@*]", address) is None


def _is_safe(address: str, *, is_demo: bool) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host:
        return False
    return parts.scheme == "https" or (is_demo and parts.scheme == "http" and host in LOCAL)
