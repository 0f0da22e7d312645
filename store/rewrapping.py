"""Wrapping anew: data keys of patients and clinics get the current key-encryption key, a few at a time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select, update

from security.kek import KeyEncryption
from security.vault import WrappedKey
from store.base import table_of
from store.sealing import SHREDDED, key_context
from store.tables.clinic import ClinicRow
from store.tables.patient import PatientRow

PATIENT, CLINIC = table_of(PatientRow), table_of(ClinicRow)


@dataclass(frozen=True, slots=True)
class Rewrapping:
    """One transaction over all clinics."""

    connection: Connection
    encryption: KeyEncryption

    def used(self) -> Mapping[str, int]:
        """Return id of a key-encryption key -> number of data keys that it wraps."""
        counted: Counter[str] = Counter()
        for table in (PATIENT, CLINIC):
            query = select(table.c.key_id, func.count().label("number")).group_by(table.c.key_id)
            counted.update({row.key_id: row.number for row in self.connection.execute(query)})
        counted.pop(SHREDDED, None)
        return counted

    def part(self, limit: int) -> int:
        """Wrap so many data keys anew that an older key wraps; return how many there were.

        A row that somebody else wrapped meanwhile is left as it is: each change names the key that it starts from.
        """
        return self._part(CLINIC, limit) or self._part(PATIENT, limit)

    def _part(self, table: Table, limit: int) -> int:
        tenant = table.c.id if table is CLINIC else table.c.clinic_id
        query = select(tenant.label("clinic_id"), table.c.id, table.c.key_id, table.c.data_key)
        older = table.c.key_id.not_in((self.encryption.current, SHREDDED))
        rows = self.connection.execute(
            query.where(older).order_by(table.c.id).limit(limit).with_for_update(key_share=True)
        ).all()
        same = (
            tenant == bindparam("of_clinic"),
            table.c.id == bindparam("of_id"),
            table.c.key_id == bindparam("of_key"),
        )
        change = update(table).where(*same).values(key_id=bindparam("new_key"), data_key=bindparam("new_blob"))
        if rows:
            self.connection.execute(change, [self._anew(row) for row in rows])
        return len(rows)

    def _anew(self, row: Any) -> dict[str, Any]:
        context = key_context(row.clinic_id, row.id)
        data_key = self.encryption.unwrap(WrappedKey(row.key_id, row.data_key), context)
        wrapped = self.encryption.wrap(data_key, context)
        return {
            "of_clinic": row.clinic_id,
            "of_id": row.id,
            "of_key": row.key_id,
            "new_key": wrapped.key_id,
            "new_blob": wrapped.blob,
        }
