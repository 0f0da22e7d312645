"""Related persons of the clinic's patients: found by identifier through a keyed index of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.errors import NotFoundError
from kernel.ids import PatientRef, RelatedPersonId
from security.cpr import Identifier
from security.related import RelatedPerson
from security.vault import blind_index
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import open_for_patient, seal_for_patient
from store.tables.related_person import RelatedPersonRow
from store.values import to_columns, to_value

RELATED = table_of(RelatedPersonRow)
KIND = "related-person\x00"
"""Before the kind of an identifier: not the patients' index, so nobody sees which guardian is a patient too."""
SEALED = frozenset({"name", "source"})


@dataclass(frozen=True, slots=True)
class RelatedPersons:
    """Reads, adds and ends who may answer for the patients of one clinic."""

    scope: Scope

    def add(self, related: RelatedPerson, identifier: Identifier) -> None:
        """Record somebody.

        Raises:
            ConflictError: this person stands for this patient already.
        """
        sealed = {f"{name}_enc": self._seal(related, name) for name in sorted(SEALED)}
        index = {"person_index": self._index(identifier)}
        self.scope.insert(RELATED, {**to_columns(related, without=SEALED), **sealed, **index})

    def of_patient(self, patient_ref: PatientRef) -> tuple[RelatedPerson, ...]:
        """Return all who may, or once might, answer for a patient, oldest first."""
        query = self.scope.select(RELATED, RELATED.c.patient_ref == patient_ref).order_by(RELATED.c.id)
        return self._opened(self.scope.all(query))

    def of_person(self, identifier: Identifier) -> tuple[RelatedPerson, ...]:
        """Return what stands of one person, for whichever patients, oldest first."""
        mine = (RELATED.c.person_index == self._index(identifier), RELATED.c.ended_at.is_(None))
        return self._opened(self.scope.all(self.scope.select(RELATED, *mine).order_by(RELATED.c.id)))

    def get(self, related_id: RelatedPersonId) -> RelatedPerson:
        """Return one; NotFoundError if there is none in this clinic."""
        return self._value(self.scope.get(RELATED, related_id))

    def end(self, patient_ref: PatientRef, related_id: RelatedPersonId) -> bool:
        """End what stands; tell whether it stood until now.

        Raises:
            NotFoundError: the patient has none of this id.
        """
        mine = (RELATED.c.id == related_id, RELATED.c.patient_ref == patient_ref)
        if self.scope.first(self.scope.select(RELATED, *mine)) is None:
            raise NotFoundError("There is no such related person.")
        return self.scope.update(RELATED, (*mine, RELATED.c.ended_at.is_(None)), {"ended_at": self.scope.now}) == 1

    def _opened(self, rows: Sequence[Found]) -> tuple[RelatedPerson, ...]:
        return tuple(self._value(row) for row in rows)

    def _value(self, row: Found) -> RelatedPerson:
        opened = {name: self._open(row, name) for name in sorted(SEALED)}
        return to_value(RelatedPerson, row, **opened)

    def _open(self, row: Found, name: str) -> str:
        place = f"related_person.{name}/{row.id}"
        return open_for_patient(self.scope, row.patient_ref, place, getattr(row, f"{name}_enc")).decode()

    def _seal(self, related: RelatedPerson, name: str) -> bytes:
        place = f"related_person.{name}/{related.id}"
        return seal_for_patient(self.scope, related.patient_ref, place, str(getattr(related, name)).encode())

    def _index(self, identifier: Identifier) -> str:
        kind, key = KIND + identifier.kind, self.scope.keyring.index_key
        return blind_index(key, self.scope.clinic_id, kind, identifier.value)
