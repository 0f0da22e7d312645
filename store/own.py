"""Where a person is known, before a clinic is: as a patient, or as somebody who may answer for one."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, select, tuple_

from kernel.ids import ClinicId
from security.cpr import Identifier
from security.vault import blind_index
from store.base import table_of
from store.repositories.related_persons import KIND
from store.tables.clinic import ClinicRow
from store.tables.patient_identifier import PatientIdentifierRow
from store.tables.related_person import RelatedPersonRow
from store.values import batched

CLINIC, IDENTIFIER, RELATED = (table_of(row) for row in (ClinicRow, PatientIdentifierRow, RelatedPersonRow))
PAIRS_AT_ONCE = 250


def find_clinics_of(connection: Connection, index_key: bytes, identifier: Identifier) -> tuple[ClinicId, ...]:
    """Return the clinics that know a person, oldest first; each has an index of its own, so each is asked by its own.

    Args:
        index_key: of the blind indexes.
    """
    clinics = [ClinicId(row.id) for row in connection.execute(select(CLINIC.c.id).order_by(CLINIC.c.id))]
    found: set[str] = set()
    for column, kind in ((IDENTIFIER.c.cpr_index, identifier.kind), (RELATED.c.person_index, KIND + identifier.kind)):
        indexes = {one: blind_index(index_key, one, kind, identifier.value) for one in clinics}
        found |= _having(connection, column, indexes)
    return tuple(clinic for clinic in clinics if clinic in found)


def _having(connection: Connection, column: ColumnElement[str], indexes: Mapping[ClinicId, str]) -> set[str]:
    table = column.table
    pairs: Sequence[tuple[ClinicId, str]] = tuple(indexes.items())
    found: set[str] = set()
    for batch in batched(pairs, PAIRS_AT_ONCE):
        query = select(table.c.clinic_id).where(tuple_(table.c.clinic_id, column).in_(batch))
        found |= set(connection.execute(query).scalars())
    return found
