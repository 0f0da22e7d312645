"""The staff of a clinic: by which sign-in they are known, and who is signed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from kernel.ids import ClinicId, PatientRef, PersonId
from security.actor import Person
from security.vault import blind_index
from store.base import table_of
from store.scope import Scope
from store.tables.clinic import ClinicRow
from store.tables.person import PersonRow
from store.tables.person_identity import PersonIdentityRow
from store.tables.staff_session import StaffSessionRow
from store.values import to_value

CLINIC = table_of(ClinicRow)
PERSON = table_of(PersonRow)
IDENTITY = table_of(PersonIdentityRow)
SESSION = table_of(StaffSessionRow)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session of one person.

    Args:
        patient_ref: the only patient whom it shows; None = whom the role may see.
    """

    person: Person
    opened_at: datetime
    seen_at: datetime
    patient_ref: PatientRef | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session as the person's own list has it.

    Args:
        patient_ref: the only patient whom it shows; None = whom the role may see.
    """

    token_hash: str
    opened_at: datetime
    seen_at: datetime
    patient_ref: PatientRef | None


@dataclass(frozen=True, slots=True)
class Staff:
    """The staff of one clinic."""

    scope: Scope

    def known_as(self, issuer: str, subject: str) -> PersonId | None:
        """Return who signs in by this name at a broker; None for somebody new."""
        wanted = IDENTITY.c.subject_index == self._index(issuer, subject)
        row = self.scope.first(self.scope.select(IDENTITY, wanted))
        return None if row is None else PersonId(row.person_id)

    def add_identity(self, issuer: str, subject: str, person_id: PersonId) -> None:
        """Record by which name at a broker a person signs in; a second person of that name is a ConflictError."""
        self.scope.insert(IDENTITY, {"subject_index": self._index(issuer, subject), "person_id": person_id})

    def change(self, person: Person) -> None:
        """Record what a person is called and may do now."""
        own = (PERSON.c.clinic_id == self.scope.clinic_id, PERSON.c.id == person.id)
        self.scope.connection.execute(update(PERSON).where(*own).values(name=person.name, role=person.role))

    def open_session(
        self, token_hash: str, person_id: PersonId, at: datetime, *, patient_ref: PatientRef | None = None
    ) -> None:
        """Sign a person in.

        Args:
            patient_ref: the only patient whom the session shows.
        """
        values = {"person_id": person_id, "opened_at": at, "seen_at": at, "patient_ref": patient_ref}
        self.scope.insert(SESSION, {"token_hash": token_hash, **values})

    def see(self, token_hash: str, at: datetime) -> None:
        """Record that a session is in use."""
        own = (SESSION.c.clinic_id == self.scope.clinic_id, SESSION.c.token_hash == token_hash)
        self.scope.connection.execute(update(SESSION).where(*own).values(seen_at=at))

    def sessions_of(
        self, person_id: PersonId, *, opened_after: datetime, seen_after: datetime
    ) -> tuple[OpenSession, ...]:
        """Return a person's sessions that were begun and used after these moments, the last used first."""
        own = (SESSION.c.person_id == person_id, SESSION.c.opened_at > opened_after, SESSION.c.seen_at > seen_after)
        query = self.scope.select(SESSION, *own).order_by(SESSION.c.seen_at.desc(), SESSION.c.token_hash)
        return tuple(to_value(OpenSession, row) for row in self.scope.all(query))

    def close_session(self, token_hash: str) -> int:
        """Sign out; tell how many sessions there were."""
        return self.scope.delete(SESSION, SESSION.c.token_hash == token_hash)

    def close_sessions_of(self, person_id: PersonId) -> int:
        """Sign a person out everywhere; tell of how many sessions."""
        return self.scope.delete(SESSION, SESSION.c.person_id == person_id)

    def close_launched(self, person_id: PersonId, patient_ref: PatientRef) -> int:
        """End the sessions in which a person sees one patient alone; tell how many there were."""
        return self.scope.delete(SESSION, SESSION.c.person_id == person_id, SESSION.c.patient_ref == patient_ref)

    def forget_sessions(self, opened_before: datetime) -> None:
        """Drop sessions that are over for their age."""
        own = SESSION.c.clinic_id == self.scope.clinic_id
        self.scope.connection.execute(delete(SESSION).where(own, SESSION.c.opened_at < opened_before))

    def _index(self, issuer: str, subject: str) -> str:
        return blind_index(self.scope.keyring.index_key, self.scope.clinic_id, f"staff\x00{issuer}", subject)


def find_session(connection: Connection, token_hash: str) -> SignedIn | None:
    """Return a session of any clinic, by the hash of its token."""
    same = (PERSON.c.clinic_id == SESSION.c.clinic_id) & (PERSON.c.id == SESSION.c.person_id)
    columns = (*PERSON.c, SESSION.c.opened_at, SESSION.c.seen_at, SESSION.c.patient_ref)
    query = select(*columns).select_from(SESSION.join(PERSON, same)).where(SESSION.c.token_hash == token_hash)
    row = connection.execute(query).first()
    return None if row is None else SignedIn(to_value(Person, row), row.opened_at, row.seen_at, row.patient_ref)


def find_clinics(
    connection: Connection, sor_ids: Collection[str], provider_numbers: Collection[str]
) -> tuple[ClinicId, ...]:
    """Return the clinics that have one of the SOR ids, and one of the provider numbers, where any are given."""
    query = select(CLINIC.c.id).order_by(CLINIC.c.id)
    if sor_ids:
        query = query.where(CLINIC.c.sor_id.in_(sorted(sor_ids)))
    if provider_numbers:
        query = query.where(CLINIC.c.provider_number.in_(sorted(provider_numbers)))
    if not sor_ids and not provider_numbers:
        return ()
    return tuple(ClinicId(row.id) for row in connection.execute(query))
