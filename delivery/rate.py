"""How fast a receiver is spoken to: a token bucket that keeps every single second within the limit; pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from math import floor

BURST_S = 0.25
"""What was not used is kept for so long: as much as passes between two looks at the outbox."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What may be sent at once.

    Args:
        tokens: messages that may go now.
        refilled_at: when that was counted; None = never.
        paused_until: the receiver asked to be left alone until then.
    """

    tokens: float = 0.0
    refilled_at: datetime | None = None
    paused_until: datetime | None = None

    def refilled(self, now: datetime, max_rate: float | None) -> "Bucket":
        """Return the bucket as it is now.

        Args:
            max_rate: most messages in any one second; None = no limit, and no tokens are counted.
        """
        if max_rate is None:
            return self
        # Filled a little slower than asked for: in any second a full bucket and its filling stay within the limit.
        rate = max_rate / (1 + BURST_S)
        capacity = max(1.0, rate * BURST_S)
        if self.refilled_at is None:
            return replace(self, tokens=capacity, refilled_at=now)
        elapsed_s = max(0.0, (now - self.refilled_at).total_seconds())
        return replace(self, tokens=min(capacity, self.tokens + rate * elapsed_s), refilled_at=now)

    def room(self, now: datetime, max_rate: float | None) -> int | None:
        """Return how many messages may go now; None = as many as there are."""
        if self.paused_until is not None and now < self.paused_until:
            return 0
        return None if max_rate is None else floor(self.tokens)

    def taken(self, count: int, max_rate: float | None) -> "Bucket":
        """Return the bucket after so many messages left."""
        return self if max_rate is None else replace(self, tokens=self.tokens - count)

    def paused(self, until: datetime) -> "Bucket":
        """Return the bucket of a receiver that asked for time."""
        return replace(self, paused_until=max(until, self.paused_until or until))
