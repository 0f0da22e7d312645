"""Whether a receiver is spoken to: closed as long as it answers, open after failures in a row, then one probe; pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kernel.errors import HandoverError
from kernel.ids import MessageId

FAILURES = 5
"""So many calls in a row that a receiver did not answer open the circuit."""

PROBE_S = 30.0
"""The first probe follows so long after the opening; each failed one doubles the wait."""

LONGEST_PROBE_S = 300.0

TOO_MANY = 429
OUR_CREDENTIALS = (401, 403)
SERVER_ERROR = 500


class Circuit(StrEnum):
    """Closed: messages flow. Open: none does. Half-open: one is under way, to see."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Sign(StrEnum):
    """What the end of a call tells of its receiver; a refusal of one message is a sign of life."""

    ALIVE = "alive"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is known of one receiver.

    Args:
        failures: calls in a row that it did not answer, while closed.
        trips: probes in a row that failed, the opening included.
        opened_at: when it was opened; None while closed.
        probe_at: the next probe may go from this moment on; None while closed.
        probe_id: the message under way as a probe.
    """

    circuit: Circuit = Circuit.CLOSED
    failures: int = 0
    trips: int = 0
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    probe_id: MessageId | None = None

    def room(self, now: datetime) -> int | None:
        """Return how many messages may go now; None = as many as there are."""
        if self.circuit is Circuit.CLOSED:
            return None
        return 1 if self.probe_at is None or now >= self.probe_at else 0

    def probing(self, message_id: MessageId, until: datetime) -> "Breaker":
        """Return the breaker with a probe under way.

        Args:
            until: without a result another probe may follow then: its worker died.
        """
        return replace(self, circuit=Circuit.HALF_OPEN, probe_id=message_id, probe_at=until)

    def hear(self, sign: Sign, message_id: MessageId, now: datetime) -> "Breaker":
        """Return the breaker after the end of a call."""
        if sign is Sign.ALIVE:
            return Breaker()
        if self.circuit is Circuit.CLOSED:
            return self if sign is Sign.NONE else self._failed(now)
        if self.circuit is Circuit.OPEN or message_id != self.probe_id:
            return self
        if sign is Sign.NONE:
            return replace(self, circuit=Circuit.OPEN, probe_id=None, probe_at=now)
        return self._opened(now)

    def _failed(self, now: datetime) -> "Breaker":
        failures = self.failures + 1
        return (
            replace(self, failures=failures) if failures < FAILURES else replace(self._opened(now), failures=failures)
        )

    def _opened(self, now: datetime) -> "Breaker":
        wait = timedelta(seconds=min(PROBE_S * 2**self.trips, LONGEST_PROBE_S))
        return replace(
            self,
            circuit=Circuit.OPEN,
            trips=self.trips + 1,
            opened_at=self.opened_at or now,
            probe_at=now + wait,
            probe_id=None,
        )


def sign_of(error: BaseException | None) -> Sign:
    """Read what the end of a call tells of the receiver.

    Args:
        error: how it ended; None = the receiver took the message.
    """
    if error is None:
        return Sign.ALIVE
    if not isinstance(error, HandoverError):
        return Sign.NONE
    status = error.http_status
    if status is None:
        return Sign.NONE if error.permanent else Sign.DOWN
    return Sign.DOWN if status >= SERVER_ERROR or status in OUR_CREDENTIALS else Sign.ALIVE
