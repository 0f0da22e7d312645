"""ORDER: a clinician wants a patient's answers now, sent out or filled in on a screen of the clinic."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from delivery.asking import Asking, asking_of
from delivery.content import Content
from delivery.occasion_kind import OccasionKind, TriggerType
from delivery.outbox import Message, MessageKind, MessageState
from delivery.patient_status import CLINIC_CHANNEL, StatusKind
from delivery.recurrence import danish_date, next_open
from delivery.schedule import Enrolment, EnrolmentState, Occasion, Slot
from flow.enrolment_state import running
from flow.schedule_invite import invitation
from flow.schedule_open import Opening
from flow.schedule_series import plan_now
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId, OccasionId
from security.actor import Actor
from security.audit import AuditEvent
from security.keys import Keys
from security.links import fitting_token
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

UNDER_WAY = (MessageState.DUE, MessageState.LEASED, MessageState.ACCEPTED, MessageState.IN_DOUBT)
"""States of an invitation that the patient has, or will have without anybody's doing."""


class When(StrEnum):
    """How ordered questionnaires reach the patient."""

    SEND_NOW = "send-now"
    FILL_NOW = "fill-now"


class OrderResult(StrEnum):
    """What came of an order, as a person is told.

    HERE: open, to be filled in here. SENT: the invitation leaves now. LATER: it leaves when the clinic's window opens.
    CALL: the patient is asked by telephone. ALREADY: the patient was invited before and has not answered yet. WAITS:
    the patient's open occasion is answered or expires first.
    """

    HERE = "here"
    SENT = "sent"
    LATER = "later"
    CALL = "call"
    ALREADY = "already"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of an order.

    Args:
        occasion_id: the occasion that asks; None = the patient's open occasion is answered or expires first.
        result: see `OrderResult`.
        link: personal link for the clinic's own screen, of `fill-now` alone.
    """

    enrolment_id: EnrolmentId
    occasion_id: OccasionId | None
    result: OrderResult
    link: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OrderOccasion:
    """The use case.

    Args:
        public_url: where the links lead.
    """

    store: Store
    content: Content
    opening: Opening
    public_url: str

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, when: When) -> Ordered:
        """Ask what the programme asks on order; an order comes on top of the caps.

        The invitation leaves at once, or when the clinic's window opens. A patient has one open occasion at most:
        what it asks already is not asked twice, what it lacks is added where the patient fills it in here, and waits
        until the open one is closed where it would have to be sent. An occasion that was begun here, or whose
        invitation could not be delivered, is sent.

        Raises:
            NotFoundError: no such enrolment in this clinic.
            InvalidInputError: the programme asks nothing on order.
            ConflictError: the enrolment is paused or ended, or nobody may write to the patient: the rule says which.
        """
        allow(actor, Action.ENROL)
        if when is When.FILL_NOW:
            # Whoever holds the link reads and fills in what the patient would.
            allow(actor, Action.SUBMIT_RESPONSE)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            tx.patients.lock(patient_ref)
            occasion = tx.occasions.open_of(patient_ref)
            if occasion:
                occasion = tx.occasions.lock(occasion.id)
            enrolment = self._askable(tx, enrolment_id, when)
            programme = self.opening.programme(enrolment)
            kind = only_kind(programme.of_trigger(TriggerType.ON_ORDER))
            slot = plan_now(tx, programme, enrolment, kind, reason="ordered")
            asking = self._asking(tx, enrolment, slot)
            if occasion:
                result = self._join(tx, (occasion, enrolment), slot, asking, when)
            else:
                occasion = self.opening(tx, patient_ref, invite=when is When.SEND_NOW)
                result = _sent(tx, occasion, when)
            tx.audit.record(AuditEvent("order", f"Enrolment/{enrolment.id}", (patient_ref,), "delivery"))
            asked = None if result is OrderResult.WAITS else occasion
            link = self._link(tx, asked, when)
        return Ordered(enrolment.id, asked.id if asked else None, result, link)

    def _askable(self, tx: Tx, enrolment_id: EnrolmentId, when: When) -> Enrolment:
        """Return an active enrolment whose patient may be asked in this way.

        Raises:
            ConflictError: the rule says why not.
        """
        patient_ref = tx.enrolments.get(enrolment_id).patient_ref
        known = tx.statuses.stopping(patient_ref)
        # A patient who has left the clinic is in no package any more: that says more than that it has ended.
        _refuse(kind for kind in StatusKind if kind in known and kind.ends)
        enrolment = active(tx, enrolment_id)
        if when is When.SEND_NOW and not tx.statuses.may_be_written_to(patient_ref, enrolment.channel):
            _refuse(kind for kind in StatusKind if kind in known)
        return enrolment

    def _asking(self, tx: Tx, enrolment: Enrolment, slot: Slot) -> Asking:
        """Tell who asks what is ordered.

        Raises:
            ConflictError: nothing of it can be asked without a licence or an approval.
        """
        asking = asking_of(self.content, enrolment, tx.schedule.series(slot.series_id), danish_date(tx.now))
        if asking is None:
            text = "A licence or an approval is missing for what is ordered."
            raise ConflictError(text, issues=[Issue("business-rule", text, "enrolment", rule="not-sendable")])
        return asking

    def _join(self, tx: Tx, place: tuple[Occasion, Enrolment], slot: Slot, asking: Asking, when: When) -> OrderResult:
        """Let the open occasion ask what is ordered, if it may."""
        occasion, enrolment = place
        requests = tx.requests.of_occasion(occasion.id)
        here = {request.questionnaire for request in requests}
        lacking = [name for name in asking.ask if self.content.questionnaires.newest(name).canonical not in here]
        invited = any(message.state in UNDER_WAY for message in _invitations(tx, occasion))
        if lacking and invited and when is When.SEND_NOW:
            return OrderResult.WAITS
        tx.schedule.open_slot(slot.id, occasion.id, asked_by=asking.by)
        self.opening.request(tx, occasion, lacking, position=len(requests))
        if invited and when is When.SEND_NOW:
            return OrderResult.ALREADY
        if when is When.SEND_NOW:
            tx.outbox.add(invitation(occasion, enrolment, at=next_open(tx.now, tx.window)))
        return _sent(tx, occasion, when)

    def _link(self, tx: Tx, asked: Occasion | None, when: When) -> str | None:
        if asked is None or when is not When.FILL_NOW:
            return None
        return link_of(tx, self.opening.keys, self.public_url, asked.id)


def link_of(tx: Tx, keys: Keys, public_url: str, occasion_id: OccasionId) -> str:
    """Return the personal link of an occasion."""
    return f"{public_url}/p/i/{fitting_token(keys, occasion_id, tx.occasions.link_hash(occasion_id))}"


def _invitations(tx: Tx, occasion: Occasion) -> tuple[Message, ...]:
    messages = tx.outbox.of_occasion(occasion.id)
    return tuple(message for message in messages if message.kind is MessageKind.INVITATION)


def _sent(tx: Tx, occasion: Occasion | None, when: When) -> OrderResult:
    """Tell how what was opened or joined reaches the patient."""
    if occasion is None:
        return OrderResult.WAITS
    if when is When.FILL_NOW:
        return OrderResult.HERE
    newest = _invitations(tx, occasion)[-1]
    if newest.target == CLINIC_CHANNEL:
        return OrderResult.CALL
    return OrderResult.SENT if newest.due_at <= tx.now else OrderResult.LATER


def _refuse(kinds: Iterator[StatusKind]) -> None:
    for kind in kinds:
        text = "What is known of the patient forbids this."
        raise ConflictError(text, issues=[Issue("conflict", text, "enrolment", rule=kind.value)])


def active(tx: Tx, enrolment_id: EnrolmentId) -> Enrolment:
    """Return an active enrolment under its lock.

    Raises:
        NotFoundError: no such enrolment in this clinic.
        ConflictError: it is paused or has ended.
    """
    enrolment = running(tx, enrolment_id)
    if enrolment.state is not EnrolmentState.ACTIVE:
        text = "The enrolment is paused."
        raise ConflictError(text, issues=[Issue("conflict", text, "state", rule="paused")])
    return enrolment


def only_kind(kinds: tuple[OccasionKind, ...]) -> OccasionKind:
    """Return the one kind of occasion that an event makes due.

    Raises:
        InvalidInputError: the programme has none.
    """
    if not kinds:
        issue = Issue("business-rule", "The programme asks nothing at this event.", "enrolment", rule="not-asked")
        raise InvalidInputError(issue.text, issues=[issue])
    return kinds[0]
