"""PATIENT DATA: everything of one patient given out, kept by a hold, or destroyed for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from delivery.retention import RetentionClass
from delivery.transitions import Change
from flow.status import leave_in_peace
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class PatientData:
    """The use cases.

    Args:
        duty: how long a record is kept after its last entry (content file `retention`); a clinic may choose longer.
    """

    store: Store
    duty: timedelta

    def export(self, actor: Actor, patient_ref: PatientRef) -> Mapping[str, list[dict[str, Any]]]:
        """Give out everything of a patient: table -> rows, with what is sealed opened.

        Raises:
            NotFoundError: no such patient in this clinic, or destroyed.

        Source: GDPR articles 15 and 20.
        """
        allow(actor, Action.CONTROL_PATIENT_DATA)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.patients.identity(patient_ref)
            found = dict(tx.destruction.everything(patient_ref))
            tx.audit.record(AuditEvent("export", f"Patient/{patient_ref}", (patient_ref,), "data-subject"))
        return found

    def hold(self, actor: Actor, patient_ref: PatientRef, reason: str) -> None:
        """Let nothing of a patient be destroyed, whatever reason is given for it.

        Raises:
            NotFoundError: no such patient in this clinic.
            InvalidInputError: no reason is given.
        """
        allow(actor, Action.CONTROL_PATIENT_DATA)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.destruction.hold(patient_ref, _reason(reason))
            tx.audit.record(AuditEvent("hold", f"Patient/{patient_ref}", (patient_ref,), "data-subject"))

    def lift(self, actor: Actor, patient_ref: PatientRef) -> None:
        """Lift every hold of a patient.

        Raises:
            ConflictError: none stands.
        """
        allow(actor, Action.CONTROL_PATIENT_DATA)
        with self.store.write(actor.clinic_id, actor) as tx:
            if not tx.destruction.lift(patient_ref):
                raise ConflictError("No legal hold stands.")
            tx.audit.record(AuditEvent("lift-hold", f"Patient/{patient_ref}", (patient_ref,), "data-subject"))

    def shred(self, actor: Actor, patient_ref: PatientRef, reason: str = "") -> None:
        """Destroy the key of a patient: what is sealed opens for nobody any more, in backups neither.

        Nothing more is sent or planned. Scores and coded answers stay, under a pseudonym that nobody can resolve.

        Args:
            reason: why in spite of the duty to keep records; it goes to whoever asks, not into the database.

        Raises:
            NotFoundError: no such patient in this clinic, or destroyed already.
            ConflictError: a legal hold stands, or the duty to keep records does and no reason is given.
        """
        allow(actor, Action.CONTROL_PATIENT_DATA)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.patients.lock(patient_ref)
            tx.patients.identity(patient_ref)
            self._refuse_kept(tx, patient_ref, reason)
            leave_in_peace(tx, patient_ref)
            for enrolment_id in tx.statuses.end_enrolments(patient_ref):
                tx.reds.close(enrolment_id)
            for message_id in tx.destruction.unsent(patient_ref):
                tx.backlog.close(message_id, Change.GIVE_UP)
            tx.destruction.destroy(patient_ref)
            act = "shred-in-spite-of-duty" if reason.strip() else "shred"
            tx.audit.record(AuditEvent(act, f"Patient/{patient_ref}", (patient_ref,), "data-subject"))

    def _refuse_kept(self, tx: Tx, patient_ref: PatientRef, reason: str) -> None:
        if tx.destruction.is_held(patient_ref):
            raise _kept("legal-hold", "A legal hold stands; it must be lifted first.")
        last = tx.destruction.last_entry(patient_ref)
        duty = max(self.duty, timedelta(days=tx.keeping.chosen().get(RetentionClass.RECORD, 0)))
        if last is not None and tx.now < last + duty and not reason.strip():
            text = f"The record must be kept for {duty.days} days after its last entry; give a reason."
            raise _kept("record-duty", text)


def _kept(rule: str, text: str) -> ConflictError:
    return ConflictError(text, issues=[Issue("business-rule", text, rule=rule)])


def _reason(given: str) -> str:
    reason = given.strip()
    if not reason or len(reason) > LONGEST_REASON:
        text = f"Give a reason of at most {LONGEST_REASON} characters."
        raise InvalidInputError(text, issues=[Issue("required", text, "reason", rule="reason-missing")])
    return reason
