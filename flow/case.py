"""LOOK: all that the clinic needs to decide about one enrolment, on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from delivery.content import Content
from delivery.note import note_text
from delivery.occasion_kind import TriggerType
from delivery.outbox import Message, MessageEnd
from delivery.parties import PatientIdentity
from delivery.patient_status import StatusKind
from delivery.schedule import Enrolment, Occasion, OccasionState
from flow.answered import AnsweredForm, answered_forms
from flow.courses import Course, courses_of
from flow.grounds import InputLine, alert_grounds, needs_grounds
from flow.reported_decision import reported_decision
from flow.work_state import WorkState, state_of
from kernel.ids import DecisionId, EnrolmentId, MessageId, OccasionId
from questionnaires.model import Text
from scoring.actions import ActionKind, AgreedAction
from scoring.decision import Decision, stands_unchanged
from scoring.measurements import Measurement
from scoring.suggestion import FiledSuggestion
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be decided.

    Args:
        dimensions: dimension of need -> title; the clinician's own part is among them.
        actions: that the package offers.
        measurements: that the package asks the clinician for.
        has_episodes: a new episode can be confirmed.
        may_confirm: nothing has changed since the last decision.
    """

    dimensions: Mapping[str, Text]
    actions: tuple[ActionKind, ...]
    measurements: tuple[Measurement, ...]
    has_episodes: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One enrolment, as the clinic sees it.

    Args:
        others: the patient's other running enrolments.
        asked: the occasion that the patient can answer now; None where nothing is asked.
        known: what feeds tell of the patient and what keeps the clinic from writing.
        suggestion: the newest; None before the first answer.
        alert_inputs: what its alert was made of.
        needs_inputs: what its needs assessment was made of.
        choices: what can be decided now.
        decisions: newest first.
        actions: agreed with any of them, oldest first.
        action_labels: code -> words.
        measurement_labels: code -> words.
        people: id -> name, of those who decide or delegate.
        next_due: Danish date of the next questionnaires; None when none are planned.
        forms: of the occasion that the suggestion was made for.
        courses: how every score went over time, by instrument.
        note: of the newest decision, for the record; empty before the first.
        deliveries: what left, or is to leave, the house for it, newest first.
        ends: how each of them ended.
        wished_at: when the patient wished to be contacted, if nobody has decided since.
    """

    enrolment: Enrolment
    patient: PatientIdentity
    state: WorkState
    others: tuple[Enrolment, ...]
    asked: Occasion | None
    known: frozenset[StatusKind]
    suggestion: FiledSuggestion | None
    alert_inputs: tuple[InputLine, ...]
    needs_inputs: tuple[InputLine, ...]
    choices: Choices
    decisions: tuple[Decision, ...]
    actions: tuple[AgreedAction, ...]
    action_labels: Mapping[str, Text]
    measurement_labels: Mapping[str, Text]
    people: Mapping[str, str] = field(repr=False)
    next_due: date | None
    forms: tuple[AnsweredForm, ...]
    courses: tuple[Course, ...]
    note: str = field(repr=False)
    deliveries: tuple[Message, ...]
    ends: Mapping[MessageId, MessageEnd]
    wished_at: datetime | None = None

    @property
    def amendments(self) -> frozenset[DecisionId]:
        """The decisions that changed another one about the same answers."""
        about = {decision.id: decision.suggestion_id for decision in self.decisions}
        return frozenset(
            decision.id
            for decision in self.decisions
            if decision.previous_id and about.get(decision.previous_id) == decision.suggestion_id
        )


@dataclass(frozen=True, slots=True)
class ShowCase:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId, *, act: str = "read") -> Case:
        """Gather one enrolment.

        Args:
            act: what is done with it, as the audit names it.

        Raises:
            NotFoundError: no such enrolment in this clinic.
        """
        allow(actor, Action.READ_WORKLIST)
        # A write, because looking at a patient leaves a trace in the same transaction.
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.get(enrolment_id)
            tx.audit.record(AuditEvent(act, f"CarePlan/{enrolment_id}", (enrolment.patient_ref,)))
            return self._case(tx, enrolment)

    def _case(self, tx: Tx, enrolment: Enrolment) -> Case:
        suggestion = tx.suggestions.newest(enrolment.id)
        needs = suggestion.needs if suggestion else None
        decisions = tuple(reversed(tx.decisions.of_enrolment(enrolment.id)))
        actions = tx.actions.of_enrolment(enrolment.id)
        newest = tx.occasions.newest_of(enrolment.patient_ref)
        responses = tx.responses.of_occasion(suggestion.occasion_id) if suggestion else ()
        planned = tx.schedule.planned_slots(enrolment.id)
        courses = courses_of(tx, self.content, enrolment)
        deliveries = _deliveries(tx, enrolment.id, newest.id if newest else None)
        running = tx.enrolments.running_of(enrolment.patient_ref)
        return Case(
            enrolment=enrolment,
            patient=tx.patients.identity(enrolment.patient_ref),
            state=state_of(suggestion, decisions[0] if decisions else None, newest),
            others=tuple(other for other in running if other.id != enrolment.id),
            asked=_answerable(tx, newest),
            known=tx.statuses.stopping(enrolment.patient_ref),
            suggestion=suggestion,
            alert_inputs=alert_grounds(self.content, suggestion.alert) if suggestion else (),
            needs_inputs=needs_grounds(self.content, needs) if needs else (),
            choices=self._choices(tx, enrolment, suggestion, decisions[0] if decisions else None),
            decisions=decisions,
            actions=actions,
            action_labels={action.code: self.content.actions.label(action.code) for action in actions},
            measurement_labels={
                code: self.content.measurements.label(code) for one in decisions for code in one.measurements
            },
            people={person.id: person.name for person in tx.clinics.people()},
            next_due=min((slot.nominal_date for slot in planned), default=None),
            forms=answered_forms(tx, self.content, enrolment.patient_ref, responses),
            courses=courses,
            note=self._note(tx, enrolment, decisions, courses),
            deliveries=deliveries,
            ends=tx.outbox.ends(deliveries),
            wished_at=tx.work.wished_at(enrolment.id),
        )

    def _choices(
        self, tx: Tx, enrolment: Enrolment, suggestion: FiledSuggestion | None, decision: Decision | None
    ) -> Choices:
        programme = self.content.programmes.newest(enrolment.programme)
        needs = self.content.catalogue.needs() if programme.needs else None
        parts = needs.parts[programme.needs] if needs and programme.needs else ()
        decided_on = tx.suggestions.get(decision.suggestion_id) if decision else None
        return Choices(
            dimensions={part.id: part.title for part in parts},
            actions=self.content.actions.of_package(enrolment.package),
            measurements=self.content.measurements.of_package(enrolment.package),
            has_episodes=bool(programme.of_trigger(TriggerType.NEW_EPISODE)),
            may_confirm=suggestion is not None and stands_unchanged(decision, decided_on, suggestion, now=tx.now),
        )

    def _note(self, tx: Tx, enrolment: Enrolment, decisions: Sequence[Decision], courses: Sequence[Course]) -> str:
        if not decisions:
            return ""
        told = reported_decision(tx, self.content, decisions[0], courses)
        return note_text(self.content.note, enrolment.package, told)


def _answerable(tx: Tx, newest: Occasion | None) -> Occasion | None:
    is_open = newest and newest.state is OccasionState.OPEN and tx.now < newest.expires_at
    return newest if is_open else None


def _deliveries(tx: Tx, enrolment_id: EnrolmentId, occasion_id: OccasionId | None) -> tuple[Message, ...]:
    of_occasion = tx.outbox.of_occasion(occasion_id) if occasion_id else ()
    found = {message.id: message for message in (*tx.outbox.of_enrolment(enrolment_id), *of_occasion)}
    return tuple(sorted(found.values(), key=lambda message: (message.due_at, message.sequence), reverse=True))
