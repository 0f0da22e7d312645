"""What one worker has in hand: claimed messages, the calls that carry them, and what ended but is not marked yet."""

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from time import monotonic

from delivery.outbox import Message
from flow.handover import Handover
from flow.outcome import Ended

Call = Future[Handover]


@dataclass(frozen=True, slots=True)
class Held:
    """A message in hand.

    Args:
        since: when it was claimed, aware UTC.
    """

    message: Message
    since: datetime


@dataclass(slots=True)
class InFlight:
    """The messages in hand; at most `window`, and used by one thread only.

    Args:
        ended: what came of calls, until it is written.
        given_back: claimed, and never begun.
        renewed_at: when the leases were last made longer.
        fills_until: moment of the monotonic clock from which on nothing more is taken.
    """

    window: int
    renewed_at: datetime
    fills_until: float = inf
    calls: dict[Call, Held] = field(default_factory=dict)
    ended: list[Ended] = field(default_factory=list)
    given_back: list[Message] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many more messages may be taken."""
        return self.window - len(self.calls) if monotonic() < self.fills_until else 0

    @property
    def is_empty(self) -> bool:
        """Nothing runs, and everything that ended is written."""
        return not (self.calls or self.ended or self.given_back)

    def add(self, message: Message, call: Call, *, since: datetime) -> None:
        """Take one more message in hand."""
        self.calls[call] = Held(message, since)

    def wait(self, patience_s: float, group_s: float) -> tuple[tuple[Message, Call], ...]:
        """Wait for a call to end, and a moment more for others, so that they are written together.

        Args:
            patience_s: after so many seconds there may be none.
            group_s: longest time that the first one waits for others.
        """
        done = wait(self.calls, timeout=patience_s, return_when=FIRST_COMPLETED).done
        if done and len(done) < len(self.calls):
            done = wait(self.calls, timeout=group_s).done
        return tuple((self.calls.pop(call).message, call) for call in list(self.calls) if call in done)

    def stop(self) -> None:
        """Give back every message whose call has not begun."""
        for call in list(self.calls):
            if call.cancel():
                self.given_back.append(self.calls.pop(call).message)

    def running(self, claimed_after: datetime) -> tuple[Message, ...]:
        """Return what is in hand since some moment; older calls hang, and their messages are let go."""
        return tuple(held.message for held in self.calls.values() if held.since > claimed_after)

    def written(self) -> None:
        """Forget what stands in the database now."""
        self.ended.clear()
        self.given_back.clear()
