"""Who of the clinic's staff is signed in on this browser."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, session

from flow.staff_sessions import StaffSessions
from kernel.errors import UnauthenticatedError
from security.actor import Actor, Person, Role
from store.repositories.staff import SignedIn
from web.visit import leave_clinic_visit

TOKEN = "staff"  # noqa: S105 - where the session's token is kept, no token
CSRF = "csrf_token"
BROKER = "broker"
"""Where a browser keeps by which broker somebody signed in."""
PROVEN = "proven"
"""Where it keeps when somebody proved there who they are, in seconds since 1970, if the broker says so."""


@dataclass(frozen=True, slots=True)
class Staff:
    """The people who may sign in with one click, and the one who is signed in.

    Args:
        people: all who may with one click, asked anew at each call; empty outside demo.
        sessions: a row each: what a cookie says counts only as long as the row does.
    """

    people: Callable[[], tuple[Person, ...]]
    sessions: StaffSessions

    def sign_in(self, person_id: str) -> None:
        """Sign a person in with one click; whoever was signed in before is out.

        Raises:
            UnauthenticatedError: nobody of that id may sign in here.
        """
        for person in self.people():
            if person.id == person_id:
                self.begin(self.sessions.open(person))
                return
        raise UnauthenticatedError("Nobody is signed in.")

    def begin(self, token: str) -> None:
        """Let this browser hold a new session; nothing that it held before is worth anything any more."""
        self.sign_out()
        session[TOKEN] = token

    def sign_out(self) -> None:
        """End the session of whoever is signed in, and what that one was filling in for a patient."""
        leave_clinic_visit()
        session.pop(CSRF, None)
        session.pop(BROKER, None)
        session.pop(PROVEN, None)
        g.pop("staff", None)
        if token := session.pop(TOKEN, None):
            self.sessions.close(token)

    def current(self, on_behalf_of: str | None = None) -> Actor:
        """Return who is signed in, as an actor.

        Args:
            on_behalf_of: id of the clinician in whose delegation a nurse decides.

        Raises:
            UnauthenticatedError: nobody is.
        """
        session_ = self._session()
        person, behalf = session_.person, on_behalf_of or None
        return Actor(person.role, person.id, person.clinic_id, person.name, behalf, patient_ref=session_.patient_ref)

    def acting(self, on_behalf_of: str | None) -> Actor:
        """Return who is signed in, acting for the clinician that was chosen if that one may be chosen."""
        actor = self.current()
        allowed = on_behalf_of in {person.id for person in self.delegators(actor)}
        return self.current(on_behalf_of) if allowed else actor

    def delegators(self, actor: Actor) -> tuple[Person, ...]:
        """Return the clinicians in whose delegation this actor may decide; nobody for clinicians themselves."""
        return self.sessions.clinicians(actor) if actor.role is Role.CLINIC_STAFF else ()

    def sees_one_patient(self) -> bool:
        """Tell whether a practice system opened this session for one patient."""
        try:
            return self._session().patient_ref is not None
        except UnauthenticatedError:
            return False

    def _session(self) -> SignedIn:
        """Return the session; asked once in each call, because a page asks several times."""
        token = session.get(TOKEN)
        if "staff" not in g and isinstance(token, str):
            g.staff = self.sessions.session(token)
        found = g.get("staff")
        if not isinstance(found, SignedIn):
            raise UnauthenticatedError("Nobody is signed in.")
        return found
