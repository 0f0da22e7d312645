"""REPORT: what plans, records and the clinic's inbox are told of one enrolment, rendered when it is sent."""

from dataclasses import replace
from datetime import datetime

from delivery.content import Content
from delivery.operator_alarm import TARGET as OPERATOR
from delivery.outbox import Message, MessageKind, NewMessage
from delivery.plans.port import (
    PlanReport,
    ReportedAlert,
    ReportedAnswer,
    ReportedEscalation,
    ReportedLeave,
    ReportedSuggestion,
    ReportEvent,
)
from delivery.release import INBOX, BeforeDecision, policy_of
from delivery.schedule import Enrolment
from delivery.worklist import AlertKind
from flow.courses import courses_of
from flow.reported_decision import reported_decision
from kernel.ids import DecisionId, EnrolmentId, OccasionId, PatientRef, ResponseId
from questionnaires.filed import FiledResponse
from scoring.decision import Decision
from scoring.suggestion import FiledSuggestion
from store.transaction import Tx

_EVENTS = {
    MessageKind.INBOX_ANSWER: ReportEvent.ANSWER,
    MessageKind.INBOX_DECISION: ReportEvent.DECISION,
    MessageKind.INBOX_NOT_ANSWERED: ReportEvent.NOT_ANSWERED,
    MessageKind.INBOX_UNDELIVERED: ReportEvent.UNDELIVERED,
    MessageKind.INBOX_ESCALATION: ReportEvent.ESCALATION,
    MessageKind.INBOX_REFUSED: ReportEvent.REFUSED,
    MessageKind.INBOX_UNSENT: ReportEvent.UNSENT,
    MessageKind.INBOX_LEFT: ReportEvent.LEFT,
    MessageKind.INBOX_WISH: ReportEvent.WISH,
}


def enqueue_report(
    tx: Tx, enrolment: Enrolment, *, response_id: ResponseId | None = None, decision_id: DecisionId | None = None
) -> None:
    """Tell the enrolment's plan and the clinic's inbox of an answer or a decision."""
    kind = MessageKind.INBOX_DECISION if decision_id else MessageKind.INBOX_ANSWER
    inbox = replace(_message(tx, enrolment, kind, INBOX), supersedes=kind is MessageKind.INBOX_ANSWER)
    told = [replace(inbox, response_id=response_id, decision_id=decision_id)]
    if decision_id is not None or policy_of(enrolment.plan_target).before is not BeforeDecision.NOTHING:
        told.insert(0, _plan_report(tx, enrolment, response_id, decision_id))
    tx.outbox.add_all(told)


def enqueue_progress(tx: Tx, enrolment: Enrolment, decision_id: DecisionId) -> None:
    """Tell a plan that something agreed has moved on; a record keeps what was noted with the decision."""
    if not policy_of(enrolment.plan_target).keeps_every:
        tx.outbox.add(_plan_report(tx, enrolment, None, decision_id))


def _plan_report(
    tx: Tx, enrolment: Enrolment, response_id: ResponseId | None, decision_id: DecisionId | None
) -> NewMessage:
    """Make a report: a plan's replaces older ones that have not left yet, a record keeps every decision's note."""
    message = _message(tx, enrolment, MessageKind.PLAN_REPORT, enrolment.plan_target)
    supersedes = not policy_of(enrolment.plan_target).keeps_every
    return replace(message, response_id=response_id, decision_id=decision_id, supersedes=supersedes)


def enqueue_not_answered(tx: Tx, occasion_id: OccasionId) -> None:
    """Tell the clinic's inbox that an occasion's time is over without an answer to everything."""
    _enqueue_about(tx, occasion_id, MessageKind.INBOX_NOT_ANSWERED)


def enqueue_undelivered(tx: Tx, occasion_id: OccasionId) -> None:
    """Tell the clinic's inbox and worklist that an invitation was given up: somebody must call."""
    _enqueue_about(tx, occasion_id, MessageKind.INBOX_UNDELIVERED)
    tx.work.undelivered(occasion_id, tx.now)


def enqueue_escalation(tx: Tx, enrolment: Enrolment) -> None:
    """Tell the clinic's inbox of a red that waits, in a lane of its own: what is stuck before it must not hold it."""
    message = _message(tx, enrolment, MessageKind.INBOX_ESCALATION, INBOX)
    tx.outbox.add(replace(message, lane=f"{INBOX}-escalation:{enrolment.id}"))


def enqueue_refused(tx: Tx, enrolment: Enrolment) -> None:
    """Tell the clinic's inbox that a plan or record did not take a report."""
    tx.outbox.add(replace(_message(tx, enrolment, MessageKind.INBOX_REFUSED, INBOX), supersedes=True))


def enqueue_unsent(tx: Tx, enrolment: Enrolment) -> None:
    """Tell the clinic's inbox of a danger answer that was not sent, in a lane of its own: nothing may hold it."""
    message = _message(tx, enrolment, MessageKind.INBOX_UNSENT, INBOX)
    tx.outbox.add(replace(message, lane=f"{INBOX}-unsent:{enrolment.id}"))


def enqueue_left(tx: Tx, enrolment: Enrolment) -> None:
    """Tell the clinic's inbox what the patient chose instead of answering."""
    tx.outbox.add(replace(_message(tx, enrolment, MessageKind.INBOX_LEFT, INBOX), supersedes=True))


def enqueue_wish(tx: Tx, occasion_id: OccasionId) -> None:
    """Tell the clinic's inbox of a wish for contact, once: in the enrolment where somebody is alerted of it."""
    for enrolment_id in tx.occasions.enrolments_of(occasion_id):
        if any(one.kind is AlertKind.WISH for one in tx.alerts.open_of(enrolment_id)):
            message = _message(tx, tx.enrolments.get(enrolment_id), MessageKind.INBOX_WISH, INBOX)
            tx.outbox.add(replace(message, supersedes=True))


def enqueue_alarm(tx: Tx, enrolment: Enrolment) -> None:
    """Tell the operator what waits in an enrolment."""
    tx.outbox.add(replace(_message(tx, enrolment, MessageKind.OPERATOR_ALARM, OPERATOR), supersedes=True))


def _enqueue_about(tx: Tx, occasion_id: OccasionId, kind: MessageKind) -> None:
    for enrolment_id in tx.occasions.enrolments_of(occasion_id):
        message = _message(tx, tx.enrolments.get(enrolment_id), kind, INBOX)
        tx.outbox.add(replace(message, occasion_id=occasion_id, supersedes=True))


def _message(tx: Tx, enrolment: Enrolment, kind: MessageKind, target: str) -> NewMessage:
    return NewMessage(
        kind=kind,
        lane=f"{target}:{enrolment.id}",
        target=target,
        due_at=tx.now,
        patient_ref=enrolment.patient_ref,
        enrolment_id=enrolment.id,
    )


def render_report(tx: Tx, content: Content, message: Message) -> PlanReport:
    """Tell the enrolment's state as it is now; what may leave of it is decided by `delivery.release`."""
    enrolment = tx.enrolments.get(_enrolment_id(message))
    newest = tx.decisions.newest(enrolment.id)
    suggestion = tx.suggestions.newest(enrolment.id)
    awaiting = suggestion is not None and (newest is None or newest.suggestion_id != suggestion.id)
    responses = tx.responses.of_occasion(suggestion.occasion_id) if suggestion else ()
    known_as = tx.responses.places([response.id for response in responses])
    decision = _told(tx, message, newest)
    return PlanReport(
        key=message.id,
        sequence=message.sequence,
        enrolment_id=enrolment.id,
        package=enrolment.package,
        clinic=tx.clinics.get(),
        patient=tx.patients.identity(enrolment.patient_ref),
        enrolled_at=enrolment.enrolled_at,
        awaiting=awaiting,
        answers=tuple(_answer(content, one, known_as[one.id].first_id) for one in responses),
        decision=reported_decision(tx, content, decision, courses_of(tx, content, enrolment)) if decision else None,
        event=_event(message),
        suggestion=_suggestion(suggestion) if suggestion else None,
        escalation=_escalation(tx, enrolment.id) if message.kind is MessageKind.INBOX_ESCALATION else None,
        refused_by=_refused_by(tx, enrolment.id) if message.kind is MessageKind.INBOX_REFUSED else (),
        unsent_since=_unsent_since(tx, enrolment.patient_ref) if message.kind is MessageKind.INBOX_UNSENT else None,
        leave=_leave(tx, enrolment.id) if message.kind is MessageKind.INBOX_LEFT else None,
        contact_wished_at=tx.work.wished_at(enrolment.id),
        alerts=tuple(ReportedAlert(one.id, one.kind, one.raised_at) for one in tx.alerts.open_of(enrolment.id)),
    )


def _escalation(tx: Tx, enrolment_id: EnrolmentId) -> ReportedEscalation | None:
    """Tell of the red that waits; None where somebody has decided since."""
    red = tx.reds.open_of(enrolment_id)
    told = tx.reds.steps(red.id) if red else ()
    if red is None or not told:
        return None
    person = tx.clinics.person(told[0].person_id).name if told[0].person_id else ""
    return ReportedEscalation(red.since, told[0].why, person)


def _refused_by(tx: Tx, enrolment_id: EnrolmentId) -> tuple[str, ...]:
    return tuple(sorted({one.target for one in tx.backlog.refused(enrolment_id) if one.target != INBOX}))


def _unsent_since(tx: Tx, patient_ref: PatientRef) -> datetime | None:
    """Tell since when a danger answer waits unsent; None where it was sent or somebody has acted."""
    return min((one.since for one in tx.unsent.told(patient_ref)), default=None)


def _leave(tx: Tx, enrolment_id: EnrolmentId) -> ReportedLeave | None:
    leave = tx.leaves.newest_of(enrolment_id)
    return ReportedLeave(leave.kind, leave.until) if leave else None


def _enrolment_id(message: Message) -> EnrolmentId:
    if message.enrolment_id is None:
        raise ValueError("A report names its enrolment.")
    return message.enrolment_id


def _event(message: Message) -> ReportEvent:
    by_content = ReportEvent.DECISION if message.decision_id else ReportEvent.ANSWER
    return _EVENTS.get(message.kind, by_content)


def _told(tx: Tx, message: Message, newest: Decision | None) -> Decision | None:
    """Return the decision that the message tells: a plan the newest, a record and the inbox the one it was made for."""
    if message.decision_id is None or (newest and newest.id == message.decision_id):
        return newest
    is_plan = message.target != INBOX and not policy_of(message.target).keeps_every
    return newest if is_plan else tx.decisions.get(message.decision_id)


def _answer(content: Content, response: FiledResponse, known_as: ResponseId) -> ReportedAnswer:
    """Tell that there is an answer, by the id under which all its versions are read."""
    questionnaire = content.questionnaires.get(response.questionnaire)
    return ReportedAnswer(known_as, response.questionnaire, questionnaire.title.da, response.authored_at)


def _suggestion(suggestion: FiledSuggestion) -> ReportedSuggestion:
    alert = suggestion.alert
    rows = sorted(alert.rows, key=lambda row: (row.colour.severity, row.urgency.severity), reverse=True)
    return ReportedSuggestion(
        id=suggestion.id,
        colour=alert.colour.value,
        urgency=alert.urgency.value,
        reasons=tuple(row.reason.da for row in rows),
        action=alert.action.da,
        complete=suggestion.complete,
    )
