"""AFTERWARDS: what a patient sees when the form is sent: earlier answers, what comes next, and what was decided."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from delivery.content import Content
from delivery.parties import Clinic
from delivery.reading import Reading
from delivery.schedule import OccasionState
from flow.form import Visit
from flow.reading import reading_now
from kernel.errors import AccessError, ConflictError, Issue, NotFoundError
from kernel.ids import DecisionId, EnrolmentId, PatientRef, ResponseId
from questionnaires.enablement import asked
from questionnaires.filed import FiledResponse
from questionnaires.gate import check_response
from questionnaires.model import Answer, Item, ItemType, Questionnaire, Text
from scoring.decision import Decision
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

MOST = 100
"""Answers on the page: years of them; the clinic gives out the rest."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One form that was sent.

    Args:
        at: when the patient finished, aware UTC.
    """

    response_id: ResponseId
    title: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class Released:
    """What the clinic lets the patient read of a decision.

    Args:
        at: when it was made, aware UTC.
        words: gentle, without colour or level.
        next_due: Danish date of the next questionnaires that was agreed with it; None where none was.
    """

    at: datetime
    words: Text
    next_due: date | None


@dataclass(frozen=True, slots=True)
class Mine:
    """What a patient finds under "my answers".

    Args:
        sent: newest first.
        results: newest first.
        next_due: Danish date of the next questionnaires; None when none are planned.
        is_open: there is something to answer now.
    """

    clinic: Clinic
    sent: tuple[Sent, ...]
    results: tuple[Released, ...]
    next_due: date | None
    reading: Reading
    is_open: bool


@dataclass(frozen=True, slots=True)
class MyForm:
    """One form with the answers that were given.

    Args:
        items: questions in order; no answer where it was left out.
    """

    clinic: Clinic
    questionnaire: Questionnaire
    at: datetime
    items: tuple[tuple[Item, tuple[Answer, ...]], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class MyAnswers:
    """The use cases of a patient who looks back."""

    store: Store
    content: Content

    def listed(self, visit: Visit) -> Mine:
        """Return everything that the patient may see.

        Raises:
            AccessError: one of the staff fills in; the page is the patient's own.
        """
        _refuse_staff(visit)
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            tx.audit.record(AuditEvent("read", "MyAnswers", (visit.patient_ref,), "own-access"))
            enrolments = tx.enrolments.running_of(visit.patient_ref)
            results = [one for enrolment in enrolments for one in self._released(tx, enrolment.id)]
            return Mine(
                clinic=tx.clinics.get(),
                sent=tuple(self._sent(one) for one in tx.responses.newest_of(visit.patient_ref, MOST)),
                results=tuple(sorted(results, key=lambda one: one.at, reverse=True)),
                next_due=next_due(tx, visit.patient_ref),
                reading=reading_now(tx, self.content),
                is_open=tx.occasions.get(visit.occasion_id).state is OccasionState.OPEN,
            )

    def shown(self, visit: Visit, response_id: ResponseId) -> MyForm:
        """Return one form that the patient sent.

        Raises:
            AccessError: one of the staff fills in; the page is the patient's own.
            NotFoundError: this patient sent no such form.
        """
        _refuse_staff(visit)
        with self.store.write(visit.clinic_id, visit.actor) as tx:
            response = tx.responses.get(response_id)
            if response.patient_ref != visit.patient_ref:
                raise NotFoundError("There is no such response.")
            tx.audit.record(
                AuditEvent("read", f"QuestionnaireResponse/{response_id}", (visit.patient_ref,), "own-access")
            )
            questionnaire = self.content.questionnaires.get(response.questionnaire)
            given = check_response(tx.responses.raw(response_id), self.content.questionnaires).answers
            questions = (one for one in asked(questionnaire, given) if one.type is not ItemType.DISPLAY)
            items = tuple((one, given.get(one.link_id, ())) for one in questions)
            return MyForm(tx.clinics.get(), questionnaire, response.authored_at, items)

    def next_due(self, visit: Visit) -> date | None:
        """Return the Danish date of the next questionnaires; None when none are planned."""
        allow(visit.actor, Action.FILL_FORM)
        with self.store.read(visit.clinic_id, visit.actor) as tx:
            return next_due(tx, visit.patient_ref)

    def _sent(self, response: FiledResponse) -> Sent:
        title = self.content.questionnaires.get(response.questionnaire).title
        return Sent(response.id, title, response.authored_at)

    def _released(self, tx: Tx, enrolment_id: EnrolmentId) -> Iterator[Released]:
        decisions = {one.id: one for one in tx.decisions.of_enrolment(enrolment_id)}
        for decision_id in tx.leaves.released(decisions.keys()):
            decision = decisions[decision_id]
            yield Released(decision.decided_at, self.content.patient_pages.results[decision.colour], decision.next_due)


@dataclass(frozen=True, slots=True)
class ReleaseDecision:
    """The use case by which a clinician lets a patient read of a decision, in gentle words."""

    store: Store

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, decision_id: DecisionId) -> None:
        """Release the newest decision of an enrolment; a second time changes nothing.

        Raises:
            AccessError: the actor decides nothing.
            ConflictError: it is not the newest decision any more.
        """
        allow(actor, Action.DECIDE)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = tx.enrolments.get(enrolment_id).patient_ref
            newest = tx.decisions.newest(enrolment_id)
            if newest is None or newest.id != decision_id:
                text = "There is a newer decision."
                raise ConflictError(text, issues=[Issue("conflict", text, "decision", rule="newer-decision")])
            if tx.leaves.release(decision_id):
                tx.audit.record(AuditEvent("release", f"ClinicalImpression/{decision_id}", (patient_ref,)))

    def is_released(self, actor: Actor, decision: Decision | None) -> bool:
        """Tell whether the patient may read of a decision."""
        allow(actor, Action.READ_WORKLIST)
        if decision is None:
            return False
        with self.store.read(actor.clinic_id, actor) as tx:
            return bool(tx.leaves.released([decision.id]))


def next_due(tx: Tx, patient_ref: PatientRef) -> date | None:
    """Return the Danish date of a patient's next questionnaires; None when none are planned."""
    enrolments = tx.enrolments.active_of([patient_ref])
    return min((slot.nominal_date for one in enrolments for slot in tx.schedule.planned_slots(one.id)), default=None)


def _refuse_staff(visit: Visit) -> None:
    allow(visit.actor, Action.READ_OWN_LOG)
    if visit.staff is not None:
        raise AccessError("What was sent is the patient's own page.")
