"""LOOK: all that the clinic needs to decide about one enrolment, on one page."""

from dataclasses import dataclass, field

from delivery.content import Content
from delivery.outbox import Message
from delivery.parties import PatientIdentity
from delivery.schedule import Enrolment
from flow.worklist import WorkState, state_of
from kernel.ids import EnrolmentId, OccasionId
from questionnaires.enablement import asked
from questionnaires.filed import FiledResponse
from questionnaires.gate import check_response
from questionnaires.model import Answer, Item, ItemType, Questionnaire, Text
from scoring.decision import Decision
from scoring.result import Score
from scoring.suggestion import FiledSuggestion
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score with its words.

    Args:
        band: what the score means, for clinicians; None without a band.
        lowest, highest: ends of the scale as text, None for a category.
    """

    score: Score
    label: Text
    band: Text | None
    lowest: str | None
    highest: str | None


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    """One item that was asked.

    Args:
        answers: empty when unanswered or skipped, and for a notice.
        skipped: left out on purpose.
    """

    item: Item
    answers: tuple[Answer, ...] = field(repr=False)
    skipped: bool

    @property
    def is_notice(self) -> bool:
        """Whether it was there to read, not to answer."""
        return self.item.type is ItemType.DISPLAY


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """One response, readable."""

    questionnaire: Questionnaire
    response: FiledResponse
    items: tuple[AnsweredItem, ...]
    scores: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One enrolment, as the clinic sees it.

    Args:
        suggestion: the newest; None before the first answer.
        decisions: newest first.
        forms: of the occasion that the suggestion was made for.
        deliveries: what left, or is to leave, the house for it, newest first.
    """

    enrolment: Enrolment
    patient: PatientIdentity
    state: WorkState
    suggestion: FiledSuggestion | None
    decisions: tuple[Decision, ...]
    forms: tuple[AnsweredForm, ...]
    deliveries: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ShowCase:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, actor: Actor, enrolment_id: EnrolmentId) -> Case:
        """Gather one enrolment.

        Raises:
            NotFoundError: no such enrolment in this clinic.
        """
        allow(actor, Action.READ_WORKLIST)
        # A write, because looking at a patient leaves a trace in the same transaction.
        with self.store.write(actor.clinic_id, actor) as tx:
            enrolment = tx.enrolments.get(enrolment_id)
            tx.audit.record(AuditEvent("read", f"CarePlan/{enrolment_id}", (enrolment.patient_ref,)))
            return self._case(tx, enrolment)

    def _case(self, tx: Tx, enrolment: Enrolment) -> Case:
        suggestion = tx.suggestions.newest(enrolment.id)
        decisions = tx.decisions.of_enrolment(enrolment.id)
        newest = tx.occasions.newest_of(enrolment.patient_ref)
        responses = tx.responses.of_occasion(suggestion.occasion_id) if suggestion else ()
        return Case(
            enrolment=enrolment,
            patient=tx.patients.identity(enrolment.patient_ref),
            state=state_of(suggestion, tx.decisions.newest(enrolment.id), newest),
            suggestion=suggestion,
            decisions=tuple(sorted(decisions, key=lambda decision: decision.decided_at, reverse=True)),
            forms=tuple(self._form(tx, response) for response in responses),
            deliveries=_deliveries(tx, enrolment.id, newest.id if newest else None),
        )

    def _form(self, tx: Tx, response: FiledResponse) -> AnsweredForm:
        questionnaire = self.content.questionnaires.get(response.questionnaire)
        checked = check_response(tx.responses.raw(response.id), self.content.questionnaires)
        items = tuple(
            AnsweredItem(item, checked.answers.get(item.link_id, ()), item.link_id in checked.skipped)
            for item in asked(questionnaire, checked.answers)
            if item.type is not ItemType.GROUP
        )
        scores = tuple(self._line(response, score) for score in tx.scores.of_response(response.id).scores)
        return AnsweredForm(questionnaire, response, items, scores)

    def _line(self, response: FiledResponse, score: Score) -> ScoreLine:
        rule = self.content.catalogue.rule_for(response.questionnaire)
        band = rule.band_label(score.id, score.band) if score.band else None
        ends = rule.range(score.id) if score.value is not None else None
        lowest, highest = (str(ends[0]), str(ends[1])) if ends else (None, None)
        return ScoreLine(score, rule.label(score.id), band.clinician if band else None, lowest, highest)


def _deliveries(tx: Tx, enrolment_id: EnrolmentId, occasion_id: OccasionId | None) -> tuple[Message, ...]:
    of_occasion = tx.outbox.of_occasion(occasion_id) if occasion_id else ()
    found = {message.id: message for message in (*tx.outbox.of_enrolment(enrolment_id), *of_occasion)}
    return tuple(sorted(found.values(), key=lambda message: (message.due_at, message.sequence), reverse=True))
