"""REPORT: what a plan is told about one enrolment, rendered at the moment it is sent."""

from delivery.content import Content
from delivery.outbox import Message, MessageKind, NewMessage
from delivery.plans.port import PlanReport, ReportedAnswer, ReportedDecision, ReportedScore
from delivery.schedule import Enrolment
from kernel.ids import DecisionId, EnrolmentId, OccasionId, ResponseId
from questionnaires.filed import FiledResponse
from scoring.decision import Decision
from scoring.result import Score, Scored
from store.transaction import Tx


def enqueue_report(
    tx: Tx, enrolment: Enrolment, *, response_id: ResponseId | None = None, decision_id: DecisionId | None = None
) -> None:
    """Put one report into the enrolment's lane; it replaces older ones that have not left yet."""
    tx.outbox.add(
        NewMessage(
            kind=MessageKind.PLAN_REPORT,
            lane=f"{enrolment.plan_target}:{enrolment.id}",
            target=enrolment.plan_target,
            due_at=tx.now,
            patient_ref=enrolment.patient_ref,
            enrolment_id=enrolment.id,
            response_id=response_id,
            decision_id=decision_id,
            supersedes=True,
        )
    )


def render_report(tx: Tx, content: Content, message: Message) -> PlanReport:
    """Tell the enrolment's state as it is now, and no more than a plan may know.

    Before the first decision the report holds no colour, band, level or score: the clinic has not released any.
    """
    enrolment = tx.enrolments.get(_enrolment_id(message))
    decision = tx.decisions.newest(enrolment.id)
    suggestion = tx.suggestions.newest(enrolment.id)
    awaiting = suggestion is not None and (decision is None or decision.suggestion_id != suggestion.id)
    responses = tx.responses.of_occasion(suggestion.occasion_id) if suggestion else ()
    return PlanReport(
        key=message.id,
        sequence=message.sequence,
        enrolment_id=enrolment.id,
        package=enrolment.package,
        clinic=tx.clinics.get(),
        patient=tx.patients.identity(enrolment.patient_ref),
        enrolled_at=enrolment.enrolled_at,
        awaiting=awaiting,
        answers=tuple(_answer(content, response) for response in responses),
        decision=_decision(tx, content, decision) if decision else None,
    )


def _enrolment_id(message: Message) -> EnrolmentId:
    if message.enrolment_id is None:
        raise ValueError("A plan report names its enrolment.")
    return message.enrolment_id


def _answer(content: Content, response: FiledResponse) -> ReportedAnswer:
    questionnaire = content.questionnaires.get(response.questionnaire)
    return ReportedAnswer(response.id, response.questionnaire, questionnaire.title.da, response.authored_at)


def _decision(tx: Tx, content: Content, decision: Decision) -> ReportedDecision:
    planned = tx.schedule.planned_slots(decision.enrolment_id)
    return ReportedDecision(
        id=decision.id,
        suggestion_id=decision.suggestion_id,
        colour=decision.colour.value,
        level=decision.level.value if decision.level else None,
        author=decision.author_name,
        decided_at=decision.decided_at,
        next_due=min((slot.nominal_date for slot in planned), default=None),
        scores=_scores(tx, content, tx.suggestions.get(decision.suggestion_id).occasion_id),
    )


def _scores(tx: Tx, content: Content, occasion_id: OccasionId) -> tuple[ReportedScore, ...]:
    scored = (tx.scores.of_response(response.id) for response in tx.responses.of_occasion(occasion_id))
    return tuple(_score(content, one, score) for one in scored for score in one.scores if score.band or score.display)


def _score(content: Content, scored: Scored, score: Score) -> ReportedScore:
    rule = content.catalogue.rule_for(scored.questionnaire)
    band = rule.band_label(score.id, score.band) if score.band else None
    return ReportedScore(
        id=score.id,
        label=rule.label(score.id).da,
        display=score.display,
        band=band.clinician.da if band else None,
        code=rule.code(score.id),
    )
