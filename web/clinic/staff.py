"""Who of the clinic's staff is signed in on this browser."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import session

from kernel.errors import UnauthenticatedError
from security.actor import Actor, Person, Role
from web.visit import leave_clinic_visit


@dataclass(frozen=True, slots=True)
class Staff:
    """The people who may sign in with one click, and the one who did.

    Args:
        people: all of them, asked anew at each call; empty outside demo.
    """

    people: Callable[[], tuple[Person, ...]]

    def sign_in(self, person_id: str) -> None:
        """Sign a person in; whoever was signed in before is out.

        Raises:
            UnauthenticatedError: nobody of that id may sign in here.
        """
        person = self._person(person_id)
        leave_clinic_visit()
        session["person"] = person.id

    @staticmethod
    def sign_out() -> None:
        """End the session of whoever is signed in, and what that one was filling in for a patient."""
        leave_clinic_visit()
        session.pop("person", None)

    def current(self, on_behalf_of: str | None = None) -> Actor:
        """Return who is signed in, as an actor.

        Args:
            on_behalf_of: id of the clinician in whose delegation a nurse decides.

        Raises:
            UnauthenticatedError: nobody is.
        """
        person = self._person(session.get("person", ""))
        return Actor(person.role, person.id, person.clinic_id, person.name, on_behalf_of or None)

    def acting(self, on_behalf_of: str | None) -> Actor:
        """Return who is signed in, acting for the clinician that was chosen if that one may be chosen."""
        actor = self.current()
        allowed = on_behalf_of in {person.id for person in self.delegators(actor)}
        return self.current(on_behalf_of) if allowed else actor

    def delegators(self, actor: Actor) -> tuple[Person, ...]:
        """Return the clinicians in whose delegation this actor may decide; nobody for clinicians themselves."""
        if actor.role is not Role.CLINIC_STAFF:
            return ()
        return tuple(p for p in self.people() if p.clinic_id == actor.clinic_id and p.role is Role.CLINICIAN)

    def _person(self, person_id: str) -> Person:
        for person in self.people():
            if person.id == person_id:
                return person
        raise UnauthenticatedError("Nobody is signed in.")
