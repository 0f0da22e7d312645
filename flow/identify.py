"""IDENTIFY: who a pseudonym is, and whose pseudonym a number is; every look is an audit row."""

from dataclasses import dataclass

from delivery.parties import Clinic, PatientIdentity
from delivery.patient_status import StatusKind
from flow.relation import is_treated
from kernel.errors import NotFoundError
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import Identifier
from security.policy import Action, allow, may
from store.database import Store
from store.transaction import Tx

UNKNOWN = "No such Patient."


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """Who a pseudonym is.

    Args:
        shows_identifier: the caller may see the CPR number.
        is_dead: as a feed told.
    """

    identity: PatientIdentity
    clinic: Clinic
    shows_identifier: bool
    is_dead: bool


@dataclass(frozen=True, slots=True)
class Identify:
    """The use case."""

    store: Store

    def read(self, actor: Actor, patient_ref: str) -> PatientRecord:
        """Return who a pseudonym is.

        Raises:
            NotFoundError: there is none in the actor's clinic; another clinic's looks the same, and so does one whom
                the clinic does not treat, to its staff.
        """
        allow(actor, Action.READ_PATIENT)
        with self.store.write(actor.clinic_id, actor) as tx:
            found = _known(tx, PatientRef(patient_ref))
        if found is None:
            raise NotFoundError(UNKNOWN)
        return found

    def find(self, actor: Actor, identifier: Identifier) -> PatientRecord | None:
        """Return the patient who has, or once had, this identifier."""
        allow(actor, Action.READ_IDENTIFIER)
        with self.store.write(actor.clinic_id, actor) as tx:
            found = tx.patients.find(identifier)
            if found is None:
                tx.audit.record(AuditEvent("search", "Patient"))
                return None
            return _known(tx, found)


def _known(tx: Tx, patient_ref: PatientRef) -> PatientRecord | None:
    """Return a patient of the clinic; None for the staff's eyes where the clinic does not treat that one."""
    try:
        identity = tx.patients.identity(patient_ref)
    except NotFoundError as error:
        raise NotFoundError(UNKNOWN) from error
    if not is_treated(tx, patient_ref):
        return None
    dead = tx.statuses.of(patient_ref).get(StatusKind.DEAD)
    tx.audit.record(AuditEvent("identify", f"Patient/{patient_ref}", (patient_ref,)))
    return PatientRecord(
        identity, tx.clinics.get(), may(tx.actor, Action.READ_IDENTIFIER), is_dead=dead is not None and dead.value
    )
