"""OWN SESSIONS: somebody of the staff looks over where they are signed in, and ends it there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flow.staff_sessions import IDLE, LONGEST, StaffSessions, actor_of
from kernel.errors import ConflictError, UnauthenticatedError
from security.audit import AuditEvent
from security.links import token_hash
from store.repositories.staff import OpenSession, SignedIn
from store.transaction import Tx

FRESH = timedelta(minutes=10)
"""Whoever ends sessions signed in so recently: at a screen that was left open nobody signs its owner out elsewhere."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One place where somebody is signed in.

    Args:
        handle: names it on the page, and opens nothing.
        is_this: it is the one that asks.
        of_one_patient: a practice system opened it.
    """

    handle: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool
    of_one_patient: bool


@dataclass(frozen=True, slots=True)
class OwnSessions:
    """The use cases; the token of the session that asks says whose they are."""

    sessions: StaffSessions

    def listed(self, token: str) -> tuple[OwnSession, ...]:
        """Return the open sessions of whoever asks, the last used first.

        Raises:
            UnauthenticatedError: the one that asks is over.
        """
        asking = self._asking(token)
        with self.sessions.store.read(asking.person.clinic_id, actor_of(asking.person)) as tx:
            return tuple(_told(one, token_hash(token)) for one in self._open(tx, asking))

    def may_end(self, token: str) -> bool:
        """Tell whether whoever asks signed in recently enough to end the others.

        Raises:
            UnauthenticatedError: the one that asks is over.
        """
        return self._is_fresh(self._asking(token))

    def end_others(self, token: str, handle: str | None = None) -> int:
        """End all sessions of whoever asks but this one; tell how many there were.

        Args:
            handle: only the one that it names; one that is over by now is no error.

        Raises:
            UnauthenticatedError: the one that asks is over.
            ConflictError: it is too old for this: sign in again first.
        """
        asking, own = self._asking(token), token_hash(token)
        if not self._is_fresh(asking):
            raise ConflictError("Sign in again first.")
        with self.sessions.store.write(asking.person.clinic_id, actor_of(asking.person)) as tx:
            others = [one.token_hash for one in self._open(tx, asking) if one.token_hash != own]
            ended = sum(tx.staff.close_session(one) for one in others if handle in (None, token_hash(one)))
            if ended:
                tx.audit.record(AuditEvent("end-own-sessions", f"Person/{asking.person.id}", purpose="setup"))
        return ended

    def _is_fresh(self, asking: SignedIn) -> bool:
        return self.sessions.clock.now() - asking.opened_at < FRESH

    def _asking(self, token: str) -> SignedIn:
        found = self.sessions.session(token)
        if found is None:
            raise UnauthenticatedError("Nobody is signed in.")
        return found

    def _open(self, tx: Tx, asking: SignedIn) -> tuple[OpenSession, ...]:
        now = self.sessions.clock.now()
        return tx.staff.sessions_of(asking.person.id, opened_after=now - LONGEST, seen_after=now - IDLE)


def _told(one: OpenSession, own: str) -> OwnSession:
    handle, is_this = token_hash(one.token_hash), one.token_hash == own
    return OwnSession(handle, one.opened_at, one.seen_at, is_this, one.patient_ref is not None)
