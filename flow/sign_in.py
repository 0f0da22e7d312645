"""SIGN IN: who a bearer token is, and whom the demo lets in with one click."""

from dataclasses import dataclass

from security.actor import Actor, Person, Role
from security.links import token_hash
from store.database import Store


@dataclass(frozen=True, slots=True)
class TokenAuthenticator:
    """Finds the actor of a bearer token; the database holds hashes only."""

    store: Store

    def by_token(self, token: str) -> Actor | None:
        """Return the actor, or None for a token that is unknown or has run out."""
        return self.store.actor_of_token(token_hash(token))


@dataclass(frozen=True, slots=True)
class ListDemoPeople:
    """Names the staff of every clinic, for the demo's sign-in page; production never makes one of these."""

    store: Store

    def __call__(self) -> tuple[Person, ...]:
        """Return all staff, clinic by clinic."""
        found: list[Person] = []
        for clinic_id in self.store.clinics():
            with self.store.read(clinic_id, Actor(Role.OPERATOR, "sign-in", clinic_id)) as tx:
                found.extend(tx.clinics.people())
        return tuple(found)
