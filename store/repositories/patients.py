"""Patients: found by identifier through the blind index, named only where a person must know."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from delivery.parties import PatientIdentity
from kernel.ids import PatientRef, new_id
from security.cpr import Identifier
from security.vault import blind_index
from store.base import table_of
from store.scope import Scope
from store.sealing import new_wrapped_key, open_for_patient, seal_for_patient
from store.tables.patient import PatientRow
from store.tables.patient_identifier import PatientIdentifierRow
from store.values import batched

PATIENT = table_of(PatientRow)
IDENTIFIER = table_of(PatientIdentifierRow)


@dataclass(frozen=True, slots=True)
class Patients:
    """Reads and adds the patients of one clinic."""

    scope: Scope

    def find(self, identifier: Identifier) -> PatientRef | None:
        """Return the patient who has, or once had, this identifier."""
        row = self.scope.first(self.scope.select(IDENTIFIER, IDENTIFIER.c.cpr_index == self._index(identifier)))
        return None if row is None else PatientRef(row.patient_ref)

    def find_all(self, identifiers: Collection[Identifier]) -> Mapping[Identifier, PatientRef]:
        """Return those of these identifiers that a patient has, or once had."""
        wanted = {self._index(identifier): identifier for identifier in identifiers}
        found: dict[Identifier, PatientRef] = {}
        for batch in batched(sorted(wanted)):
            for row in self.scope.all(self.scope.select(IDENTIFIER, IDENTIFIER.c.cpr_index.in_(batch))):
                found[wanted[row.cpr_index]] = PatientRef(row.patient_ref)
        return found

    def add(self, identifier: Identifier, name: str) -> PatientRef:
        """Add a patient under a new pseudonym.

        Raises:
            ConflictError: the clinic has a patient with this identifier.
        """
        ref = PatientRef(new_id())
        key = new_wrapped_key(self.scope, ref)
        columns = {
            "id": ref,
            "key_id": key.key_id,
            "data_key": key.blob,
            "name_enc": seal_for_patient(self.scope, ref, f"patient.name/{ref}", name.encode()),
            "created_at": self.scope.now,
        }
        self.scope.insert(PATIENT, columns)
        self._add_identifier(ref, identifier)
        return ref

    def lock(self, patient_ref: PatientRef) -> PatientRef:
        """Let nobody else change what is known of a patient before this transaction ends."""
        return PatientRef(self.scope.get(PATIENT, patient_ref, lock=True).id)

    def identity(self, patient_ref: PatientRef) -> PatientIdentity:
        """Return who a pseudonym is: name and the identifier that is valid now.

        Raises:
            NotFoundError: there is no such patient in this clinic.
        """
        patient = self.scope.get(PATIENT, patient_ref)
        valid = self.scope.select(
            IDENTIFIER, IDENTIFIER.c.patient_ref == patient_ref, IDENTIFIER.c.valid_to.is_(None)
        ).order_by(IDENTIFIER.c.valid_from.desc(), IDENTIFIER.c.id.desc())
        row = self.scope.connection.execute(valid.limit(1)).one()
        value = open_for_patient(self.scope, patient_ref, f"patient_identifier.value/{row.id}", row.value_enc)
        name = open_for_patient(self.scope, patient_ref, f"patient.name/{patient_ref}", patient.name_enc)
        return PatientIdentity(patient_ref, value.decode(), row.kind, name.decode())

    def _add_identifier(self, ref: PatientRef, identifier: Identifier) -> None:
        id_ = new_id()
        place = f"patient_identifier.value/{id_}"
        columns = {
            "id": id_,
            "patient_ref": ref,
            "kind": identifier.kind,
            "cpr_index": self._index(identifier),
            "value_enc": seal_for_patient(self.scope, ref, place, identifier.value.encode()),
            "valid_from": self.scope.now,
            "valid_to": None,
        }
        self.scope.insert(IDENTIFIER, columns)

    def _index(self, identifier: Identifier) -> str:
        return blind_index(self.scope.keyring.index_key, self.scope.clinic_id, identifier.kind, identifier.value)
