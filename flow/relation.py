"""RELATION: whether the clinic treats a patient, or is about to decide on it; its staff see nobody else."""

from kernel.ids import PatientRef
from security.audit import AuditEvent
from security.policy import needs_relation
from store.transaction import Tx

NO_RELATION = "no-relation"
"""Purpose of a look that was refused for want of one."""


def is_treated(tx: Tx, patient_ref: PatientRef) -> bool:
    """Tell whether the actor may look at this patient of the clinic; a refusal is an audit row that the patient sees.

    The caller refuses after the transaction, or the row would go with it.
    """
    if not needs_relation(tx.actor) or tx.enrolments.any_of(patient_ref) or tx.candidates.any_of(patient_ref):
        return True
    tx.audit.record(AuditEvent("refuse", f"Patient/{patient_ref}", (patient_ref,), NO_RELATION))
    return False
