"""Every way in which the other end may misbehave, and when in the exchange it does."""

from dataclasses import dataclass
from enum import StrEnum

TARGETS = ("webpatient", "minlaege", "letter", "flp", "lps-note", "lps-inbox")
TELLING = ("webpatient", "minlaege")
"""The receivers that tell what becomes of a message."""


class Behaviour(StrEnum):
    """What goes wrong."""

    UNAVAILABLE = "503"
    TOO_MANY = "429"
    TOO_MANY_UNTIL = "429-date"
    FAILED = "500"
    RESET_BEFORE = "reset-before"
    TIMEOUT_BEFORE = "timeout-before"
    REDIRECT = "redirect"
    REFUSED = "refused"
    CONFLICT = "conflict"
    KEY_CONFLICT = "key-conflict"
    FAILED_AFTER = "500-after"
    RESET_AFTER = "reset-after"
    SLOW = "slow"
    DRIP = "drip"
    DRIP_HEADERS = "drip-headers"
    FLOOD = "flood"
    BROKEN_JSON = "broken-json"
    RECEIPT_FIRST = "receipt-first"
    RECEIPTS_TWICE = "receipts-twice"
    RECEIPTS_BACKWARDS = "receipts-backwards"
    RECEIPTS_REPLAYED = "receipts-replayed"
    RECEIPT_FORGED = "receipt-forged"
    RECEIPT_STRAY = "receipt-stray"
    RECEIPT_REJECTED = "receipt-rejected"
    RECEIPTS_LOST = "receipts-lost"

    @property
    def is_of_receipts(self) -> bool:
        """The transmission itself goes well."""
        return self in _OF_RECEIPTS

    @property
    def is_before(self) -> bool:
        """The receiver takes nothing."""
        return self in _BEFORE


_BEFORE = frozenset(
    {
        *(Behaviour.UNAVAILABLE, Behaviour.TOO_MANY, Behaviour.TOO_MANY_UNTIL, Behaviour.FAILED),
        *(Behaviour.RESET_BEFORE, Behaviour.TIMEOUT_BEFORE, Behaviour.REDIRECT, Behaviour.REFUSED),
        *(Behaviour.CONFLICT, Behaviour.KEY_CONFLICT),
    }
)
_OF_RECEIPTS = frozenset(one for one in Behaviour if one.startswith("receipt"))


@dataclass(frozen=True, slots=True)
class Fault:
    """One transmission that goes wrong.

    Args:
        behaviour: in which way.
        seconds: of a late answer: how late it comes; of `429`: the wait asked for; of a drip: between two bytes.
    """

    behaviour: Behaviour
    seconds: float | None = None


def is_possible(target: str, behaviour: Behaviour) -> bool:
    """Tell whether a receiver can misbehave so: who tells nothing cannot tell it twice."""
    return target in TELLING or not behaviour.is_of_receipts
