"""Sealed columns: each patient's with the patient's own key, each bound to its table, column, row and clinic."""

from sqlalchemy import Select, select

from kernel.errors import NotFoundError
from kernel.ids import PatientRef
from security.vault import WrappedKey, new_data_key, open_sealed, seal
from store.base import table_of
from store.scope import Found, Scope
from store.tables.clinic import ClinicRow
from store.tables.patient import PatientRow

PATIENT = table_of(PatientRow)
CLINIC = table_of(ClinicRow)
SHREDDED = "shredded"
"""Stands for the key of a patient whose data key was destroyed."""


class ShreddedError(NotFoundError):
    """The data key of this patient was destroyed: nothing sealed of the patient can be read by anybody."""


def key_context(clinic_id: str, owner: str) -> str:
    """Name the place of a wrapped data key; it opens nowhere else."""
    return f"{clinic_id}/data_key/{owner}"


def destroyed(scope: Scope) -> Select[tuple[str]]:
    """Make the query of the clinic's patients whose data keys were destroyed."""
    return select(PATIENT.c.id).where(PATIENT.c.clinic_id == scope.clinic_id, PATIENT.c.key_id == SHREDDED)


def new_wrapped_key(scope: Scope, owner: str) -> WrappedKey:
    """Make a data key for a new patient or clinic, wrapped for its row; it is at hand for the rest of the transaction.

    Args:
        owner: pseudonym of the patient, or id of the clinic.
    """
    data_key = new_data_key()
    scope.data_keys[owner] = data_key
    return scope.encryption.wrap(data_key, key_context(scope.clinic_id, owner))


def open_patient_key(scope: Scope, row: Found) -> None:
    """Take a patient's data key from a row that was read already; it is at hand for the rest of the transaction."""
    _open_key(scope, row.id, row)


def seal_for_patient(scope: Scope, patient_ref: PatientRef, place: str, content: bytes) -> bytes:
    """Seal a column of a patient.

    Args:
        place: `table.column/row id`.
    """
    return seal(_patient_key(scope, patient_ref), content, _context(scope, place))


def open_for_patient(scope: Scope, patient_ref: PatientRef, place: str, sealed: bytes) -> bytes:
    """Open a sealed column of a patient."""
    return open_sealed(_patient_key(scope, patient_ref), sealed, _context(scope, place))


def seal_for_clinic(scope: Scope, place: str, content: bytes) -> bytes:
    """Seal a column that belongs to no patient."""
    return seal(_clinic_key(scope), content, _context(scope, place))


def open_for_clinic(scope: Scope, place: str, sealed: bytes) -> bytes:
    """Open a sealed column that belongs to no patient."""
    return open_sealed(_clinic_key(scope), sealed, _context(scope, place))


def _patient_key(scope: Scope, patient_ref: PatientRef) -> bytes:
    if patient_ref not in scope.data_keys:
        _open_key(scope, patient_ref, scope.get(PATIENT, patient_ref))
    return scope.data_keys[patient_ref]


def _clinic_key(scope: Scope) -> bytes:
    if scope.clinic_id not in scope.data_keys:
        row = scope.connection.execute(CLINIC.select().where(CLINIC.c.id == scope.clinic_id)).one()
        _open_key(scope, scope.clinic_id, row)
    return scope.data_keys[scope.clinic_id]


def _open_key(scope: Scope, owner: str, row: Found) -> None:
    if row.key_id == SHREDDED:
        raise ShreddedError("What belonged to this patient was destroyed.")
    wrapped = WrappedKey(row.key_id, row.data_key)
    scope.data_keys[owner] = scope.encryption.unwrap(wrapped, key_context(scope.clinic_id, owner))


def _context(scope: Scope, place: str) -> str:
    return f"{scope.clinic_id}/{place}"
