"""SIGN IN AND OUT: who of a clinic's staff is signed in, for how long, and who they are by a broker's word."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from delivery.recurrence import danish_date
from kernel.clock import Clock
from kernel.errors import AccessError
from kernel.ids import ClinicId, PatientRef, PersonId, new_id
from security.actor import Actor, Person, Role
from security.audit import AuditEvent
from security.claims import StaffIdentity
from security.links import token_hash
from security.policy import Action, allow
from store.database import Store
from store.repositories.staff import SignedIn
from store.transaction import Tx

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
SEEN_AGAIN = timedelta(minutes=1)
"""Use is recorded so often: not every page is a write."""
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Workplace:
    """Somebody of the staff of one clinic.

    Args:
        clinic: its name.
    """

    person: Person
    clinic: str


@dataclass(frozen=True, slots=True)
class StaffSessions:
    """The use cases.

    Args:
        clock: of the people at their browsers: demo's time travel moves no session.
    """

    store: Store
    clock: Clock

    def sign_in(self, identity: StaffIdentity) -> str:
        """Sign in whom a broker names, new or known, and return the token of the session.

        Raises:
            AccessError: no clinic here is the one that the broker names, or several are.
        """
        clinic_id = self._clinic_of(identity)
        with self.store.write(clinic_id, _at_door(clinic_id)) as tx:
            person = person_known_as(tx, identity)
        return self.open(person)

    def recognise(self, identity: StaffIdentity) -> tuple[Workplace, ...]:
        """Return where somebody whom a broker names works, new or known; nobody is signed in by this.

        Raises:
            AccessError: no clinic here is one that the broker names.
        """
        found = self.store.find_clinics(identity.sor_ids, identity.provider_numbers)
        if not found:
            raise AccessError("The broker names no clinic of this service.")
        return tuple(self._recognised(clinic_id, identity) for clinic_id in found)

    def person(self, clinic_id: ClinicId, person_id: PersonId) -> Person:
        """Return one of a clinic's staff.

        Raises:
            NotFoundError: there is none of this id.
        """
        with self.store.read(clinic_id, _at_door(clinic_id)) as tx:
            return tx.clinics.person(person_id)

    def open(self, person: Person, *, only: PatientRef | None = None) -> str:
        """Sign a person in and return the token of the session.

        Args:
            only: the one patient whom the session shows, where a practice system opened it.
        """
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self.clock.now()
        with self.store.write(person.clinic_id, actor_of(person)) as tx:
            tx.staff.forget_sessions(now - LONGEST)
            tx.staff.open_session(token_hash(token), person.id, now, patient_ref=only)
            tx.audit.record(AuditEvent("launch" if only else "sign-in", f"Person/{person.id}", purpose="setup"))
        return token

    def current(self, token: str) -> Person | None:
        """Return who is signed in; None for a session that is unknown, ended, idle for too long or too old."""
        found = self.session(token)
        return found.person if found else None

    def session(self, token: str) -> SignedIn | None:
        """Return a session, with who is signed in and whom it shows; None as for `current`."""
        digest, now = token_hash(token), self.clock.now()
        found = self.store.find_session(digest)
        if found is None or now - found.seen_at >= IDLE or now - found.opened_at >= LONGEST:
            return None
        if now - found.seen_at >= SEEN_AGAIN:
            with self.store.write(found.person.clinic_id, actor_of(found.person)) as tx:
                tx.staff.see(digest, now)
        return found

    def close(self, token: str) -> None:
        """Sign out; a session that is no more is no error."""
        digest = token_hash(token)
        found = self.store.find_session(digest)
        if found is None:
            return
        with self.store.write(found.person.clinic_id, actor_of(found.person)) as tx:
            tx.staff.close_session(digest)
            tx.audit.record(AuditEvent("sign-out", f"Person/{found.person.id}", purpose="setup"))

    def revoke(self, actor: Actor, person_id: PersonId) -> int:
        """End all sessions of a person of the actor's clinic; tell how many there were."""
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.audit.record(AuditEvent("revoke-sessions", f"Person/{person_id}", purpose="setup"))
            return tx.staff.close_sessions_of(person_id)

    def people(self, actor: Actor) -> tuple[Person, ...]:
        """Return the staff of the actor's clinic, for whoever runs the service."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.clinics.people()

    def clinicians(self, actor: Actor) -> tuple[Person, ...]:
        """Return the clinicians in whose delegation the actor decides.

        A clinic that has ever recorded a delegation is bound by those that stand; in one that has recorded none, every
        clinician can be named.

        Source: decision 0066.
        """
        with self.store.read(actor.clinic_id, actor) as tx:
            clinicians = tuple(person for person in tx.clinics.people() if person.role is Role.CLINICIAN)
            recorded, today = tx.delegations.all(), danish_date(tx.now)
        if not recorded:
            return clinicians
        named = {one.clinician_id for one in recorded if one.delegate_id == actor.id and one.stands(today)}
        return tuple(person for person in clinicians if person.id in named)

    def _recognised(self, clinic_id: ClinicId, identity: StaffIdentity) -> Workplace:
        with self.store.write(clinic_id, _at_door(clinic_id)) as tx:
            return Workplace(person_known_as(tx, identity), tx.clinics.get().name)

    def _clinic_of(self, identity: StaffIdentity) -> ClinicId:
        found = self.store.find_clinics(identity.sor_ids, identity.provider_numbers)
        if len(found) != 1:
            raise AccessError("The broker names no clinic of this service, or several.")
        return found[0]


def person_known_as(tx: Tx, identity: StaffIdentity) -> Person:
    """Return the member of the staff whom somebody names, added where that one is new and changed where it is said."""
    known = tx.staff.known_as(identity.issuer, identity.subject)
    person = Person(known or PersonId(new_id()), tx.clinic_id, identity.name, identity.role)
    if known is None:
        tx.clinics.add_person(person)
        tx.staff.add_identity(identity.issuer, identity.subject, person.id)
        tx.audit.record(AuditEvent("add-person", f"Person/{person.id}", purpose="setup"))
    elif tx.clinics.person(known) != person:
        tx.staff.change(person)
        tx.audit.record(AuditEvent("change-person", f"Person/{person.id}", purpose="setup"))
    return person


def actor_of(person: Person) -> Actor:
    """Return a member of the staff as who acts."""
    return Actor(person.role, person.id, person.clinic_id, person.name)


def _at_door(clinic_id: ClinicId) -> Actor:
    return Actor(Role.WORKER, "sign-in", clinic_id)
