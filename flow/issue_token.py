"""ISSUE TOKENS: an assertion of a system counts once; a token is short, limited and kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.clock import Clock
from kernel.errors import NotFoundError
from security.audit import AuditEvent
from security.client import Client, KnownClient, demand_reachable
from security.links import token_hash
from security.scopes import Scopes
from store.database import Store

TOKEN_LIFE_S = 300
TOKEN_BYTES = 32
KEPT = timedelta(minutes=10)
"""What ran out is kept so much longer: whoever reads the clock a little late must still find it."""


def opaque_token() -> str:
    """Make a token that says nothing and cannot be guessed."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class IssueTokens:
    """The use cases behind `/oauth/token`.

    Args:
        is_demo: all patients are made up, so test clients may reach them.
    """

    store: Store
    clock: Clock
    is_demo: bool

    def find(self, client_id: str) -> KnownClient | None:
        """Return a client that may sign in, with the keys that count now; None for every other."""
        known = self.store.find_client(client_id)
        return known if known and known.client.is_active else None

    def use(self, client: Client, jti: str, expires_at: datetime) -> bool:
        """Use an assertion of a client; False when it was used before."""
        digest = hashlib.sha256(jti.encode("utf-8", "surrogatepass")).hexdigest()
        with self.store.write(client.clinic_id, client.actor(client.scopes)) as tx:
            tx.clients.forget_used(client.id, tx.now - KEPT)
            return tx.clients.use_assertion(client.id, digest, expires_at)

    def issue(self, client: Client, scopes: Scopes) -> str:
        """Make a token for a client, limited to scopes that it may have.

        Raises:
            NotFoundError: the client may sign in no more.
            InvalidInputError: a test client asks for patients outside demo.
        """
        demand_reachable(client.kind, scopes, is_demo=self.is_demo)
        token, actor = opaque_token(), client.actor(scopes)
        with self.store.write(client.clinic_id, actor) as tx:
            if not tx.clients.get(client.id, lock=True).client.is_active:
                raise NotFoundError("There is no such client.")
            tx.clinics.add_token(token_hash(token), actor, tx.now + timedelta(seconds=TOKEN_LIFE_S))
            tx.audit.record(AuditEvent("issue-token", f"Client/{client.id}", purpose="setup"))
        return token
