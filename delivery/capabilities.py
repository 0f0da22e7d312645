"""What a receiver can do besides taking a message: declared by its adapter, obeyed by the engine."""

from dataclasses import dataclass
from enum import StrEnum


class Idempotency(StrEnum):
    """Why the same message twice has one effect.

    `KEY`: the receiver remembers our key. `NATURAL`: the second one only repeats the state that the first one made.
    `NONE`: it takes both.
    """

    KEY = "key"
    NATURAL = "natural"
    NONE = "none"


class ReceiptWay(StrEnum):
    """How receipts reach us: the receiver calls, or we ask."""

    PUSH = "push"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one receiver promises.

    Args:
        idempotency: what the same key twice does.
        lookup: it can be asked whether it has a key; the adapter is a `LooksUp`.
        receipts: the ways in which it tells what became of a message; none = acceptance is all we learn.
        max_rate: most messages per second that it wants; None = it names no limit.
        max_in_flight: most messages that it wants at once.
        max_payload: longest body, in bytes.
        withdraws: what it has can be taken back; the adapter is a `Withdraws`.
        reminds: we send no reminder through it: it reminds by itself, or a second one would only come late.
    """

    idempotency: Idempotency
    lookup: bool = False
    receipts: frozenset[ReceiptWay] = frozenset()
    max_rate: float | None = None
    max_in_flight: int = 8
    max_payload: int = 65536
    withdraws: bool = False
    reminds: bool = False
