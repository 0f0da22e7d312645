"""ALERT: a danger answer that lies in a draft and is not sent reaches the clinic, marked so, until somebody acts."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from delivery.content import Content
from delivery.schedule import Enrolment, Request
from delivery.unsent import UnsentDanger
from flow.overview import DANGER, Form, has_danger, raises_danger
from flow.report import enqueue_unsent
from flow.schedule import worker_of
from kernel.clock import Clock
from kernel.errors import ConflictError, Issue
from kernel.ids import ClinicId, UnsentId
from kernel.log import logger
from questionnaires.gate import check_response
from questionnaires.model import Answer, Item, Text
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow, may
from store.database import Store
from store.transaction import Tx

log = logger(__name__)
AT_A_TIME = 100
"""Drafts per tick: a tick stays short, and the next one follows within seconds."""


@dataclass(frozen=True, slots=True)
class WaitingDanger:
    """A danger answer that was given and not sent, as the clinic sees it.

    Args:
        since: when it was given, aware UTC.
        answers: the questions whose answers raised the notice, as they stand in the draft now; empty where the
            patient has changed them, or the draft is gone.
    """

    id: UnsentId
    enrolment: Enrolment
    name: str = field(repr=False)
    title: Text
    since: datetime
    answers: tuple[tuple[Item, tuple[Answer, ...]], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnsentDangers:
    """The tick that tells the clinic, and the use cases of whoever looks and acts."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self) -> int:
        """Tell the clinics whose time has come; return how many answers were told."""
        with self.store.survey() as survey:
            due = survey.unsent_to_tell(self.clock.now(), AT_A_TIME)
        return sum(self._tell(clinic_id, unsent_id) for clinic_id, unsent_id in due)

    def waiting(self, actor: Actor) -> int:
        """Count what waits; nobody is looked at. 0 for those who may not see the list."""
        if not may(actor, Action.READ_WORKLIST):
            return 0
        with self.store.read(actor.clinic_id, actor) as tx:
            return len(tx.unsent.told())

    def listed(self, actor: Actor) -> tuple[WaitingDanger, ...]:
        """Return what waits, the longest waiting first; whose answers were shown is on record."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            told = tx.unsent.told()
            if told:
                tx.audit.record(AuditEvent("read", "UnsentDanger", tuple(sorted({one.patient_ref for one in told}))))
            return tuple(self._shown(tx, one) for one in told)

    def handled(self, actor: Actor, unsent_id: UnsentId) -> None:
        """Say that somebody has acted, such as called the patient.

        Raises:
            ConflictError: somebody was quicker, or the patient has sent the form meanwhile.
        """
        allow(actor, Action.READ_WORKLIST)
        with self.store.write(actor.clinic_id, actor) as tx:
            handled = tx.unsent.handle(unsent_id)
            if handled is None:
                text = "Somebody has handled this already, or the form was sent."
                raise ConflictError(text, issues=[Issue("conflict", text, rule="handled-already")])
            tx.audit.record(AuditEvent("unsent-handled", f"Task/{handled.request_id}", (handled.patient_ref,)))

    def _tell(self, clinic_id: ClinicId, unsent_id: UnsentId) -> bool:
        with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
            told = tx.unsent.tell(unsent_id)
            if told is None:
                return False
            enqueue_unsent(tx, _enrolment(tx, told))
            tx.audit.record(AuditEvent("unsent-danger", f"Task/{told.request_id}", (told.patient_ref,)))
            log.warning("unsent-danger", outcome="told", source=told.id)
            return True

    def _shown(self, tx: Tx, told: UnsentDanger) -> WaitingDanger:
        request = tx.requests.get(told.request_id)
        questionnaire = self.content.questionnaires.get(request.questionnaire)
        enrolment = _enrolment(tx, told)
        draft = tx.drafts.get(told.request_id)
        given = check_response(draft.raw, self.content.questionnaires).answers if draft else {}
        return WaitingDanger(
            id=told.id,
            enrolment=enrolment,
            name=tx.patients.identity(enrolment.patient_ref).name,
            title=questionnaire.title,
            since=told.since,
            answers=tuple(_raising(Form(request, questionnaire, given))),
        )


def watch_draft(tx: Tx, form: Form, after: timedelta) -> None:
    """Follow a draft that was saved: watch it while it raises a danger notice, leave it when it does no more."""
    if not has_danger(form.questionnaire):
        return
    if raises_danger(form):
        tx.unsent.watch(form.request, tx.now + after)
    else:
        tx.unsent.calm(form.request.id)


def _raising(form: Form) -> Iterator[tuple[Item, tuple[Answer, ...]]]:
    """Find the answered questions that the shown danger notices hang on, each once, in order."""
    by_link_id = form.questionnaire.by_link_id
    asked_for = {
        condition.question for notice in form.shown if notice.role == DANGER for condition in notice.enable_when
    }
    yield from ((by_link_id[one], form.answers[one]) for one in by_link_id if one in asked_for and one in form.answers)


def _enrolment(tx: Tx, told: UnsentDanger) -> Enrolment:
    """Return the first enrolment that asks the form: one alert is enough where several do."""
    request: Request = tx.requests.get(told.request_id)
    return tx.enrolments.get(min(tx.occasions.enrolments_of(request.occasion_id)))
