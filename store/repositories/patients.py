"""Patients: found by identifier through the blind index, named only where a person must know."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam

from delivery.parties import PatientIdentity
from kernel.ids import PatientRef, new_id
from security.cpr import Identifier
from security.vault import blind_index
from store.base import table_of
from store.scope import Found, Scope, of_clinic
from store.sealing import new_wrapped_key, open_for_patient, open_patient_key, seal_for_patient
from store.tables.patient import PatientRow
from store.tables.patient_identifier import PatientIdentifierRow
from store.values import batched

PATIENT = table_of(PatientRow)
IDENTIFIER = table_of(PatientIdentifierRow)
LOCK_ALL = (
    of_clinic(PATIENT, PATIENT.c.id.in_(bindparam("of_patients", expanding=True)))
    .with_only_columns(PATIENT.c.id)
    .order_by(PATIENT.c.id)
    .with_for_update(key_share=True)
)


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

    def must_exist(self, patient_ref: PatientRef) -> None:
        """Refuse a pseudonym that nobody in this clinic has.

        Raises:
            NotFoundError: there is none.
        """
        self.scope.get(PATIENT, patient_ref)

    def add(self, identifier: Identifier, name: str) -> PatientRef:
        """Add a patient under a new pseudonym.

        Raises:
            ConflictError: the clinic has a patient with this identifier.
        """
        (ref,) = self.add_all([(identifier, name)])
        return ref

    def add_all(self, people: Sequence[tuple[Identifier, str]]) -> tuple[PatientRef, ...]:
        """Add patients, each under a new pseudonym, by two statements.

        Raises:
            ConflictError: the clinic has a patient with one of the identifiers.
        """
        refs = tuple(PatientRef(new_id()) for _ in people)
        named = tuple(zip(refs, people, strict=True))
        self.scope.insert_all(PATIENT, [self._patient(ref, name) for ref, (_, name) in named])
        self.scope.insert_all(IDENTIFIER, [self._identifier(ref, identifier) for ref, (identifier, _) in named])
        return refs

    def lock(self, patient_ref: PatientRef) -> PatientRef:
        """Let nobody else change what is known of a patient before this transaction ends."""
        return PatientRef(self.scope.get(PATIENT, patient_ref, lock=True).id)

    def lock_all(self, patient_refs: Collection[PatientRef]) -> None:
        """Lock patients as `lock` does, in one order everywhere: two transactions never wait for each other."""
        for batch in batched(sorted(patient_refs)):
            self.scope.rows(LOCK_ALL, of_patients=batch)

    def identity(self, patient_ref: PatientRef) -> PatientIdentity:
        """Return who a pseudonym is: name and the identifier that is valid now.

        Raises:
            NotFoundError: there is no such patient in this clinic.
        """
        patient = self.scope.get(PATIENT, patient_ref)
        open_patient_key(self.scope, patient)
        return self._identity(patient, self._valid([patient_ref])[patient_ref])

    def identities(self, patient_refs: Collection[PatientRef]) -> Mapping[PatientRef, PatientIdentity]:
        """Return who these pseudonyms are, as far as they are patients of this clinic."""
        found: dict[PatientRef, PatientIdentity] = {}
        for batch in batched(sorted(patient_refs)):
            valid = self._valid(batch)
            for patient in self.scope.all(self.scope.select(PATIENT, PATIENT.c.id.in_(batch))):
                open_patient_key(self.scope, patient)
                found[PatientRef(patient.id)] = self._identity(patient, valid[PatientRef(patient.id)])
        return found

    def _valid(self, patient_refs: Sequence[PatientRef]) -> Mapping[PatientRef, Found]:
        """Return the newest identifier of each patient that is valid now."""
        here = (IDENTIFIER.c.patient_ref.in_(patient_refs), IDENTIFIER.c.valid_to.is_(None))
        rows = self.scope.all(self.scope.select(IDENTIFIER, *here).order_by(IDENTIFIER.c.valid_from, IDENTIFIER.c.id))
        return {PatientRef(row.patient_ref): row for row in rows}

    def _identity(self, patient: Found, identifier: Found) -> PatientIdentity:
        ref = PatientRef(patient.id)
        place = f"patient_identifier.value/{identifier.id}"
        value = open_for_patient(self.scope, ref, place, identifier.value_enc).decode()
        name = open_for_patient(self.scope, ref, f"patient.name/{ref}", patient.name_enc).decode()
        return PatientIdentity(ref, value, identifier.kind, name)

    def _patient(self, ref: PatientRef, name: str) -> Mapping[str, object]:
        key = new_wrapped_key(self.scope, ref)
        return {
            "id": ref,
            "key_id": key.key_id,
            "data_key": key.blob,
            "name_enc": seal_for_patient(self.scope, ref, f"patient.name/{ref}", name.encode()),
            "created_at": self.scope.now,
        }

    def _identifier(self, ref: PatientRef, identifier: Identifier) -> Mapping[str, object]:
        id_ = new_id()
        place = f"patient_identifier.value/{id_}"
        return {
            "id": id_,
            "patient_ref": ref,
            "kind": identifier.kind,
            "cpr_index": self._index(identifier),
            "value_enc": seal_for_patient(self.scope, ref, place, identifier.value.encode()),
            "valid_from": self.scope.now,
            "valid_to": None,
        }

    def _index(self, identifier: Identifier) -> str:
        return blind_index(self.scope.keyring.index_key, self.scope.clinic_id, identifier.kind, identifier.value)
