"""DELIVER: due messages are claimed, handed over outside any transaction, and marked, a window of them at a time."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import timedelta
from random import SystemRandom
from threading import Event
from time import monotonic

from delivery.lease import shortest_lease_s
from delivery.outbox import Message
from flow.doubt import Receiver, ResolveDoubt
from flow.hand_over_patient import HandOverToPatient
from flow.hand_over_report import HandOverReport
from flow.handover import Handover
from flow.in_flight import InFlight
from flow.marking import mark
from flow.outcome import Outcome
from kernel.clock import Clock
from kernel.errors import SettingsError, UnavailableError
from kernel.log import logger
from store.database import Store
from store.queue import QueueTx

log = logger(__name__)

GROUP_S = 0.02
"""A result waits at most so long for others that are written in the same transaction."""

LONGEST_S = 30.0
"""A tick takes nothing more after so long, so that the next one begins with the content that is in force then."""

PATIENCE_S = 0.5
"""While nothing ends, the outbox is looked at so often."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The tick that empties the outbox.

    Args:
        owner: name of this worker, kept with its leases.
        window: most messages in hand at once.
        request_timeout_s: longest outside call.
        to_patient: hands over what patients see.
        report: hands over everything else.
        threads: of the executor, which are the most calls at once: a crash repeats what is under way; 0 = as many as
            the window.
        lease_s: how long a claimed message is ours; 0 = the shortest that is safe.
        stop: once it is set nothing new is begun.
        receivers: the channels and plan targets, by name; what they can do is obeyed.

    Raises:
        SettingsError: the lease is shorter than the calls that it must outlive.
    """

    store: Store
    clock: Clock
    to_patient: HandOverToPatient
    report: HandOverReport
    executor: Executor
    owner: str
    window: int
    request_timeout_s: float
    jitter: Callable[[], float] = SystemRandom().random
    threads: int = 0
    lease_s: float = 0.0
    stop: Event = field(default_factory=Event)
    receivers: Mapping[str, Receiver] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.lease_s and self.lease_s < self._shortest_s:
            raise SettingsError(
                f"A lease of {self.lease_s:g} s is too short: at least {self._shortest_s:g} s are safe."
            )

    def __call__(self) -> int:
        """Hand over what is due, until nothing is due any more and nothing is under way.

        Returns:
            How many messages were claimed; 0 means that nothing was due.
        """
        flight = InFlight(self.window, renewed_at=self.clock.now(), fills_until=monotonic() + LONGEST_S)
        outcome = Outcome(self.clock, ResolveDoubt(self.receivers), self.jitter)
        count = self._turn(flight)
        while not flight.is_empty:
            for message, call in flight.wait(PATIENCE_S, GROUP_S):
                flight.ended.append(outcome(message, call))
            if self.stop.is_set():
                flight.stop()
            count += self._turn(flight)
        return count

    def hand_over(self, message: Message) -> Handover:
        """Hand over one claimed message; no transaction is open during the call.

        Raises:
            HandoverError: sorted into permanent and try again.
        """
        known = ResolveDoubt(self.receivers)(message)
        if known is not None:
            return known
        return self.to_patient(message) if message.kind.goes_to_channel else self.report(message)

    def _turn(self, flight: InFlight) -> int:
        """Mark what ended, keep what is under way, and fill the window, in one transaction."""
        try:
            with self.store.queue() as queue:
                mark(queue, ((one.message, one.settlement) for one in flight.ended))
                queue.give_back(flight.given_back)
                self._renew(queue, flight)
                claimed = self._claim(queue, flight)
        except UnavailableError:
            if flight.is_empty:
                raise
            return self._wait_for_store(flight)
        flight.written()
        for message in claimed:
            flight.add(message, self.executor.submit(self.hand_over, message), since=self.clock.now())
        return len(claimed)

    def _claim(self, queue: QueueTx, flight: InFlight) -> tuple[Message, ...]:
        now = self.clock.now()
        return queue.claim(
            self.owner,
            now,
            now + self._lease,
            0 if self.stop.is_set() else flight.room,
            held=self.to_patient.held(),
            receivers={name: receiver.capabilities for name, receiver in self.receivers.items()},
            heard=[one.heard for one in flight.ended],
        )

    def _renew(self, queue: QueueTx, flight: InFlight) -> None:
        """Prolong the leases of calls under way; one that hangs beyond all measure is let go, for another worker."""
        now = self.clock.now()
        if now - flight.renewed_at >= self._lease / 3:
            queue.renew(flight.running(now - self._lease), now + self._lease)
            flight.renewed_at = now

    def _wait_for_store(self, flight: InFlight) -> int:
        """Keep what ended until it can be written; a worker that is to stop leaves it to its leases."""
        log.warning("not-marked", count=len(flight.ended))
        if self.stop.wait(PATIENCE_S) and not flight.calls:
            flight.written()
        return 0

    @property
    def _lease(self) -> timedelta:
        return timedelta(seconds=self.lease_s or self._shortest_s)

    @property
    def _shortest_s(self) -> float:
        return shortest_lease_s(self.window, self.threads or self.window, self.request_timeout_s)
