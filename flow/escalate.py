"""ESCALATE: a red that nobody received or decided on in time goes to a named person, then to the operator."""

from dataclasses import dataclass

from delivery.content import Content
from delivery.escalation import Clocks, Review, Step, review
from delivery.schedule import Enrolment, EnrolmentState
from flow.report import enqueue_alarm, enqueue_escalation
from flow.schedule import worker_of
from kernel.clock import Clock
from kernel.ids import ClinicId, EscalationId
from kernel.log import logger
from security.audit import AuditEvent
from store.database import Store
from store.repositories.reds import TakenStep
from store.transaction import Tx

log = logger(__name__)
AT_A_TIME = 100
"""Reds per tick: a tick stays short, and the next one follows within seconds."""


@dataclass(frozen=True, slots=True)
class EscalateReds:
    """The tick that looks at open reds when their time has come."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self) -> int:
        """Tell whoever is to be told now; return how many were told."""
        with self.store.survey() as survey:
            due = survey.reds_to_look_at(self.clock.now(), AT_A_TIME)
        return sum(self._look(clinic_id, red_id) for clinic_id, red_id in due)

    def _look(self, clinic_id: ClinicId, red_id: EscalationId) -> bool:
        with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
            red = tx.reds.lock(red_id)
            if red is None:
                return False
            enrolment = tx.enrolments.get(red.enrolment_id)
            if enrolment.state is EnrolmentState.ENDED:
                tx.reds.close(enrolment.id)
                return False
            clocks = Clocks(self.content.escalation, tx.reds.choice(), tx.window)
            found = review(red, clocks, tx.now)
            tx.reds.look_again(red_id, found.look_at)
            return _tell(tx, enrolment, red_id, found, clocks)


def _tell(tx: Tx, enrolment: Enrolment, red_id: EscalationId, found: Review, clocks: Clocks) -> bool:
    if found.step is None or found.why is None:
        return False
    person = clocks.own.person_id if found.step is Step.PERSON else None
    if not tx.reds.take(red_id, TakenStep(found.step, found.why, person, tx.now)):
        return False
    if found.step is Step.PERSON:
        enqueue_escalation(tx, enrolment)
    else:
        enqueue_alarm(tx, enrolment)
    tx.audit.record(AuditEvent("escalate", f"Escalation/{red_id}", (enrolment.patient_ref,)))
    log.warning("escalated", code=found.why, outcome=found.step, enrolment=enrolment.id)
    return True
