"""Systems that sign in by themselves: their keys, their tokens, and what they used to sign in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from kernel.ids import ClinicId
from security.client import Client, ClientKey, ClientState, KnownClient
from security.scopes import parse_scopes, written_scopes
from store.base import table_of
from store.scope import Found, Scope
from store.tables.access_token import AccessTokenRow
from store.tables.client_key import ClientKeyRow
from store.tables.oauth_client import OAuthClientRow
from store.tables.used_assertion import UsedAssertionRow
from store.values import to_columns, to_value

CLIENT = table_of(OAuthClientRow)
KEY = table_of(ClientKeyRow)
USED = table_of(UsedAssertionRow)
TOKEN = table_of(AccessTokenRow)


@dataclass(frozen=True, slots=True)
class Clients:
    """The clients of one clinic."""

    scope: Scope

    def add(self, client: Client, keys: Iterable[ClientKey]) -> None:
        """Register a client with its keys."""
        self.scope.insert(CLIENT, {**to_columns(client), "scopes": written_scopes(client.scopes)})
        self._add_keys(client.id, keys)

    def all(self) -> tuple[KnownClient, ...]:
        """Return all clients of the clinic with the keys that count, oldest first."""
        rows = self.scope.all(self.scope.select(CLIENT).order_by(CLIENT.c.id))
        return tuple(self._known(row) for row in rows)

    def get(self, client_id: str, *, lock: bool = False) -> KnownClient:
        """Return one client.

        Args:
            lock: nobody can change it before this transaction ends.

        Raises:
            NotFoundError: the clinic has none of this id.
        """
        return self._known(self.scope.get(CLIENT, client_id, lock=lock))

    def replace_keys(self, client_id: str, keys: Collection[ClientKey], until: datetime) -> None:
        """Let new keys count from now on, and all others until a moment; one that is among both is new."""
        own = (KEY.c.clinic_id == self.scope.clinic_id, KEY.c.client_id == client_id)
        named = KEY.c.kid.in_([key.kid for key in keys])
        sooner = or_(KEY.c.valid_until.is_(None), KEY.c.valid_until > until)
        self.scope.connection.execute(delete(KEY).where(*own, or_(named, KEY.c.valid_until <= self.scope.now)))
        self.scope.connection.execute(update(KEY).where(*own, sooner).values(valid_until=until))
        self._add_keys(client_id, keys)

    def disable(self, client_id: str) -> bool:
        """Keep a client from signing in, and end the tokens that it holds; tell whether it could until now."""
        of_it = (TOKEN.c.clinic_id == self.scope.clinic_id, TOKEN.c.actor_id == client_id)
        active = (CLIENT.c.clinic_id == self.scope.clinic_id, CLIENT.c.id == client_id)
        change = update(CLIENT).where(*active, CLIENT.c.state == ClientState.ACTIVE)
        changed = self.scope.connection.execute(change.values(state=ClientState.DISABLED)).rowcount
        self.scope.connection.execute(delete(TOKEN).where(*of_it, TOKEN.c.scopes.is_not(None)))
        return changed == 1

    def use_assertion(self, client_id: str, jti_hash: str, expires_at: datetime) -> bool:
        """Use an assertion; tell whether it is the first time, which the key of the table decides."""
        values = {"client_id": client_id, "jti_hash": jti_hash, "expires_at": expires_at}
        return self.scope.insert_once(USED, ["clinic_id", "client_id", "jti_hash"], values)

    def forget_used(self, client_id: str, before: datetime) -> None:
        """Drop assertions and tokens of a client that ran out before a moment."""
        used = delete(USED).where(USED.c.clinic_id == self.scope.clinic_id, USED.c.client_id == client_id)
        of_it = (TOKEN.c.clinic_id == self.scope.clinic_id, TOKEN.c.actor_id == client_id)
        self.scope.connection.execute(used.where(USED.c.expires_at < before))
        self.scope.connection.execute(
            delete(TOKEN).where(*of_it, TOKEN.c.scopes.is_not(None), TOKEN.c.expires_at < before)
        )

    def _add_keys(self, client_id: str, keys: Iterable[ClientKey]) -> None:
        self.scope.insert_all(KEY, [{**to_columns(key), "jwk": dict(key.jwk), "client_id": client_id} for key in keys])

    def _known(self, row: Found) -> KnownClient:
        return _with_keys(self.scope.connection, row, self.scope.now)


def find_client(connection: Connection, client_id: str, now: datetime) -> KnownClient | None:
    """Return a client of any clinic with the keys that count now; None for an unknown id."""
    row = connection.execute(select(CLIENT).where(CLIENT.c.id == client_id)).first()
    return None if row is None else _with_keys(connection, row, now)


def _with_keys(connection: Connection, row: Found, now: datetime) -> KnownClient:
    counts = or_(KEY.c.valid_until.is_(None), KEY.c.valid_until > now)
    query = select(KEY).where(KEY.c.clinic_id == row.clinic_id, KEY.c.client_id == row.id, counts).order_by(KEY.c.kid)
    keys = tuple(to_value(ClientKey, key) for key in connection.execute(query))
    return KnownClient(_client(row), keys)


def _client(row: Any) -> Client:
    return to_value(Client, row, scopes=parse_scopes(row.scopes), clinic_id=ClinicId(row.clinic_id))
