"""ORDER: a clinician wants a patient's answers now, sent out or filled in on a screen of the clinic."""

from dataclasses import dataclass, field
from enum import StrEnum

from delivery.content import Content
from delivery.occasion_kind import OccasionKind, TriggerType
from delivery.schedule import Enrolment, EnrolmentState, Occasion, Slot
from flow.enrolment_state import running
from flow.schedule_open import Opening
from flow.schedule_series import plan_now
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import EnrolmentId, OccasionId
from security.actor import Actor
from security.audit import AuditEvent
from security.links import link_token
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


class When(StrEnum):
    """How ordered questionnaires reach the patient."""

    SEND_NOW = "send-now"
    FILL_NOW = "fill-now"


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of an order.

    Args:
        occasion_id: the occasion that asks; None = the patient's open occasion is answered or expires first.
        link: personal link for the clinic's own screen, of `fill-now` alone.
    """

    enrolment_id: EnrolmentId
    occasion_id: OccasionId | None
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
        until the open one is closed where it would have to be sent.

        Raises:
            NotFoundError: no such enrolment in this clinic.
            InvalidInputError: the programme asks nothing on order.
            ConflictError: the enrolment is paused or has ended.
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
            enrolment = active(tx, enrolment_id)
            programme = self.opening.programme(enrolment)
            kind = only_kind(programme.of_trigger(TriggerType.ON_ORDER))
            slot = plan_now(tx, programme, enrolment, kind, reason="ordered")
            asked = self._join(tx, occasion, slot, programme.asks(kind.id, enrolment.slots), when) if occasion else None
            if not occasion:
                asked = self.opening(tx, patient_ref, invite=when is When.SEND_NOW)
            tx.audit.record(AuditEvent("order", f"Enrolment/{enrolment.id}", (patient_ref,), "delivery"))
        return Ordered(enrolment.id, asked.id if asked else None, self._link(asked, when))

    def _join(self, tx: Tx, occasion: Occasion, slot: Slot, ask: tuple[str, ...], when: When) -> Occasion | None:
        """Let the open occasion ask what is ordered, if it may; return it then."""
        requests = tx.requests.of_occasion(occasion.id)
        here = {request.questionnaire for request in requests}
        lacking = [name for name in ask if self.content.questionnaires.newest(name).canonical not in here]
        if lacking and when is When.SEND_NOW:
            return None
        tx.schedule.open_slot(slot.id, occasion.id)
        self.opening.request(tx, occasion, lacking, position=len(requests))
        return occasion

    def _link(self, asked: Occasion | None, when: When) -> str | None:
        if asked is None or when is not When.FILL_NOW:
            return None
        return f"{self.public_url}/p/i/{link_token(self.opening.link_key, asked.id)}"


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
