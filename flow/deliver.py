"""DELIVER: due messages are claimed, rendered, handed over outside any transaction, and settled."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import SystemRandom

from delivery.channels.port import AskedForm, Channel, Invitation
from delivery.content import Content
from delivery.notices import notice
from delivery.outbox import Message, MessageKind, MessageState
from delivery.plans.port import PlanTarget
from delivery.recurrence import danish_date, next_open
from delivery.release import policy_of, released
from delivery.retry import next_attempt
from delivery.schedule import OccasionState
from flow.report import enqueue_undelivered, render_report
from flow.schedule import worker_of
from kernel.clock import Clock
from kernel.errors import HandoverError
from kernel.ids import Canonical, OccasionId
from kernel.log import logger
from security.links import link_token
from store.database import Store
from store.queue import QueueTx, Settlement
from store.transaction import Tx

log = logger(__name__)

LANGUAGE = "da"
"""Every patient is written to in Danish until a patient's own language is known; the form itself can be switched."""

LEASE_FACTOR = 12
"""A lease lasts this many times the longest outside call: a report may take four, and a lease must outlive them all."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What a receiver made of a message; `reference` is its own name for it.

    Args:
        again_at: when it is due again, where nothing was handed over: the clinic's window is closed.
    """

    outcome: MessageState
    reference: str | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The tick that empties the outbox.

    Args:
        owner: name of this worker, kept with its leases.
        window: most messages in flight, at most the executor's threads: a crash repeats what is in flight.
        request_timeout_s: longest outside call.
        link_key: key of personal links.
        public_url: where the links lead.
    """

    store: Store
    content: Content
    clock: Clock
    channels: Mapping[str, Channel]
    plans: Mapping[str, PlanTarget]
    executor: Executor
    owner: str
    window: int
    request_timeout_s: float
    link_key: bytes = field(repr=False)
    public_url: str
    jitter: Callable[[], float] = SystemRandom().random

    def __call__(self) -> int:
        """Hand over what is due now.

        Returns:
            How many messages were claimed; 0 means that nothing is due.
        """
        now = self.clock.now()
        lease = timedelta(seconds=LEASE_FACTOR * self.request_timeout_s)
        with self.store.queue() as queue:
            claimed = queue.claim(self.owner, now, now + lease, self.window, held=self._held())
        calls = [(message, self.executor.submit(self._hand_over, message)) for message in claimed]
        results = [self._settlement(message, call) for message, call in calls]
        if results:
            with self.store.queue() as queue:
                for message, result in zip(claimed, results, strict=True):
                    _settle(queue, message, result)
        return len(claimed)

    def _hand_over(self, message: Message) -> Handover:
        if message.kind is MessageKind.INVITATION:
            return self._invite(message)
        with self.store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
            report = render_report(tx, self.content, message)
        linked = replace(report, link=f"{self.public_url}/clinic/enrolments/{report.enrolment_id}")
        leaving = released(linked, policy_of(message.target))
        if leaving is None:
            return Handover(MessageState.CANCELLED)
        receipt = self.plans[message.target].report(leaving)
        return Handover(MessageState.ACCEPTED, receipt.reference)

    def _invite(self, message: Message) -> Handover:
        with self.store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
            invitation = self._invitation(tx, message)
            opens = next_open(self.clock.now(), tx.clinics.get().window)
        if invitation and any(form.questionnaire in self._held() for form in invitation.forms):
            # A licence ran out since the claim: nothing leaves, and the occasion is put back by the next tick.
            return Handover(MessageState.DUE, again_at=self.clock.now())
        if invitation is None:
            return Handover(MessageState.CANCELLED)
        if opens > self.clock.now():
            # After a standstill or a retry it may be night: nobody is written to before the window opens.
            return Handover(MessageState.DUE, again_at=opens)
        receipt = self.channels[message.target].send(invitation)
        return Handover(MessageState.ACCEPTED, receipt.reference)

    def _held(self) -> frozenset[Canonical]:
        return self.content.held(danish_date(self.clock.now()))

    def _invitation(self, tx: Tx, message: Message) -> Invitation | None:
        """Render the invitation, or None when there is nothing left to ask, or the gate has closed since the claim."""
        occasion = tx.occasions.get(_occasion_id(message))
        forms = tuple(
            AskedForm(
                request.id, request.questionnaire, self.content.questionnaires.get(request.questionnaire).title.da
            )
            for request in tx.requests.of_occasion(occasion.id)
            if request.state.is_open
        )
        is_open = tx.statuses.may_be_written_to(message.patient_ref, message.target)
        if occasion.state is not OccasionState.OPEN or not forms or not is_open:
            return None
        clinic = tx.clinics.get()
        return Invitation(
            key=message.id,
            occasion_id=occasion.id,
            clinic=clinic,
            patient=tx.patients.identity(message.patient_ref),
            forms=forms,
            due=message.due_at,
            expires=occasion.expires_at,
            link=f"{self.public_url}/p/i/{link_token(self.link_key, occasion.id)}",
            text=notice("invitation", clinic=clinic.name, language=LANGUAGE),
            language=LANGUAGE,
        )

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
    """Write what came of a message; the clinic learns of an invitation that was given up in the same transaction."""
    if not queue.settle(result):
        log.warning("stale-result", message_id=message.id)
    elif message.kind is MessageKind.INVITATION and result.outcome is MessageState.DEAD:
        tx = queue.within(message.clinic_id, worker_of(message.clinic_id))
        enqueue_undelivered(tx, _occasion_id(message))


def _occasion_id(message: Message) -> OccasionId:
    if message.occasion_id is None:
        raise ValueError("An invitation names its occasion.")
    return message.occasion_id
