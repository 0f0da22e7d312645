"""NOTE: what each step of the way leaves waiting for the clinic, in the transaction of that step."""

from delivery.content import Content
from delivery.postponement import Ended
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, EnrolmentState
from delivery.worklist import ALERT_OF, AlertKind, Worsening, may_alert
from kernel.ids import EnrolmentId, OccasionId, PatientRef, PostponementId
from scoring.decision import Decision
from scoring.suggestion import FiledSuggestion
from security.audit import AuditEvent
from store.repositories.work import Standing
from store.transaction import Tx


def note_answer(
    tx: Tx, content: Content, enrolment: Enrolment, suggestion: FiledSuggestion, *, worse: Worsening | None = None
) -> None:
    """Put a new suggestion on the list; what is worse than was known or expected alerts somebody, once.

    Args:
        worse: the score that got clearly worse; it orders the list and alerts nobody.
    """
    if enrolment.state is EnrolmentState.ENDED:
        return
    rule, alert = content.worklist, suggestion.alert
    standing = Standing(
        rule.tier(alert.urgency), rule.due_day(suggestion.made_at, alert.urgency), may_alert(suggestion), worse
    )
    noted = tx.work.answered(enrolment, suggestion, standing)
    if noted.broken:
        end_postponement(tx, (enrolment.id, enrolment.patient_ref), noted.broken, Ended.WORSE)
    if noted.is_news:
        tx.alerts.raise_(enrolment.patient_ref, suggestion.occasion_id, enrolment.id, ALERT_OF[alert.colour])


def note_decision(tx: Tx, decision: Decision) -> None:
    """Take what was decided on off the list."""
    tx.work.decided(decision)
    tx.alerts.acted([decision.enrolment_id])


def note_wish(tx: Tx, patient_ref: PatientRef, occasion_id: OccasionId, *, wished: bool) -> None:
    """Put a patient who wishes to be contacted on the list, or take the wish back."""
    if not wished:
        tx.work.wishes_no_more(occasion_id)
        tx.alerts.take_back_wish(occasion_id)
        return
    concerned = tx.work.wished(occasion_id, tx.now)
    for enrolment_id, broken in concerned:
        if broken:
            end_postponement(tx, (enrolment_id, patient_ref), broken, Ended.WISH)
    for enrolment_id, _ in concerned[:1]:
        tx.alerts.raise_(patient_ref, occasion_id, enrolment_id, AlertKind.WISH)


def end_postponement(
    tx: Tx, whose: tuple[EnrolmentId, PatientRef], postponement_id: PostponementId, why: Ended
) -> None:
    """End a postponement before its day; one whose day has passed ended by itself."""
    enrolment_id, patient_ref = whose
    is_running = tx.postponements.get(postponement_id).until >= danish_date(tx.now)
    tx.work.resume(enrolment_id)
    if is_running and tx.postponements.end(postponement_id, why, tx.now):
        tx.audit.record(AuditEvent("postponement-ended", f"Postponement/{postponement_id}", (patient_ref,)))
