"""DELIVER: due messages are claimed, handed over outside any transaction, and settled."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from delivery.outbox import Message, MessageState
from delivery.retry import next_attempt
from flow.aftermath import follow_up
from flow.hand_over_patient import HandOverToPatient
from flow.hand_over_report import HandOverReport
from flow.handover import Handover
from kernel.clock import Clock
from kernel.errors import HandoverError
from kernel.log import logger
from store.database import Store
from store.queue import QueueTx, Settlement

log = logger(__name__)

LEASE_FACTOR = 12
"""A lease lasts this many times the longest outside call: a report may take four, and a lease must outlive them all."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The tick that empties the outbox.

    Args:
        owner: name of this worker, kept with its leases.
        window: most messages in flight, at most the executor's threads: a crash repeats what is in flight.
        request_timeout_s: longest outside call.
        to_patient: hands over what patients see.
        report: hands over everything else.
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

    def __call__(self) -> int:
        """Hand over what is due now.

        Returns:
            How many messages were claimed; 0 means that nothing is due.
        """
        now = self.clock.now()
        lease = timedelta(seconds=LEASE_FACTOR * self.request_timeout_s)
        with self.store.queue() as queue:
            claimed = queue.claim(self.owner, now, now + lease, self.window, held=self.to_patient.held())
        calls = [(message, self.executor.submit(self._hand_over, message)) for message in claimed]
        results = [self._settlement(message, call) for message, call in calls]
        if results:
            with self.store.queue() as queue:
                for message, result in zip(claimed, results, strict=True):
                    _settle(queue, message, result)
        return len(claimed)

    def _hand_over(self, message: Message) -> Handover:
        return self.to_patient(message) if message.kind.is_to_patient else self.report(message)

    def _settlement(self, message: Message, call: "Future[Handover]") -> Settlement:
        """Turn a call's end into what is written; a fault of our own is kept like a receiver's, and tried again."""
        error = call.exception()
        at = self.clock.now()
        if error is None:
            handover = call.result()
            log.info(handover.outcome, message_id=message.id, kind=message.kind, attempt=message.attempts)
            return Settlement(
                message.id,
                message.clinic_id,
                message.fence,
                handover.outcome,
                at,
                retry_at=handover.again_at,
                reference=handover.reference,
            )
        return self._failed(message, error, at)

    def _failed(self, message: Message, error: BaseException, at: datetime) -> Settlement:
        known = error if isinstance(error, HandoverError) else None
        retry_at = None
        if not (known and known.permanent):
            retry_at = next_attempt(
                message.attempts,
                now=at,
                retry_after_s=known.retry_after_s if known else None,
                expires_at=message.expires_at,
                jitter=self.jitter,
            )
        outcome = MessageState.DUE if retry_at else MessageState.DEAD
        name = known.text if known else type(error).__name__
        log.warning(
            "not-handed-over",
            message_id=message.id,
            kind=message.kind,
            attempt=message.attempts,
            outcome=outcome,
            error=name,
        )
        return Settlement(
            message.id,
            message.clinic_id,
            message.fence,
            outcome,
            at,
            retry_at=retry_at,
            error=name,
            http_status=known.http_status if known else None,
            maybe_accepted=known.maybe_accepted if known else False,
        )


def _settle(queue: QueueTx, message: Message, result: Settlement) -> None:
    """Write what came of a message, and what follows from it, in one transaction."""
    if queue.settle(result):
        follow_up(queue, message, result)
    else:
        log.warning("stale-result", message_id=message.id)
