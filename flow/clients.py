"""CLIENTS: which systems of a clinic may sign in by themselves, by which keys, and for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from kernel.clock import Clock
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import new_id
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.client import (
    CLIENT_ROLES,
    Client,
    ClientKey,
    ClientKind,
    ClientState,
    KnownClient,
    demand_reachable,
    public_keys,
)
from security.launch import demand_redirect
from security.policy import Action, allow
from security.scopes import parse_scopes
from store.database import Store
from store.transaction import Tx

LONGEST_NAME = 200
LONGEST_OVERLAP_H = 24 * 31


@dataclass(frozen=True, slots=True)
class ClientOrder:
    """What an operator says of a new client; it has a key set or an address of one.

    Args:
        scopes: such as `system/Patient.rs system/QuestionnaireResponse.c`.
        key_set: a JWK Set.
        jwks_url: where it publishes one.
        redirect_uri: where a browser goes back to when it opens a patient's page; None = it may open none.
    """

    name: str
    scopes: str
    role: Role = Role.SYSTEM
    kind: ClientKind = ClientKind.LIVE
    key_set: Mapping[str, Any] | None = None
    jwks_url: str | None = None
    redirect_uri: str | None = None


@dataclass(frozen=True, slots=True)
class ManageClients:
    """The use cases of whoever runs the service for a clinic.

    Args:
        hosts: that key sets may be fetched from; no other is ever called.
        is_demo: all patients are made up, so test clients may reach them.
    """

    store: Store
    clock: Clock
    hosts: frozenset[str]
    is_demo: bool

    def all(self, actor: Actor) -> tuple[KnownClient, ...]:
        """Return the clients of the actor's clinic."""
        allow(actor, Action.OPERATE)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.clients.all()

    def add(self, actor: Actor, order: ClientOrder) -> Client:
        """Register a client; its id is made here.

        Raises:
            InvalidInputError: a scope, key or address cannot be used.
        """
        allow(actor, Action.OPERATE)
        client, keys = self._client(actor, order)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.clients.add(client, keys)
            _told(tx, "add-client", client.id)
        return client

    def rotate(self, actor: Actor, client_id: str, key_set: Mapping[str, Any], overlap_h: int) -> None:
        """Let new keys count at once, and those before for so many hours more.

        Raises:
            NotFoundError: the clinic has no such client.
            ConflictError: the client publishes its keys itself.
            InvalidInputError: a key cannot be used, or the overlap is too long.
        """
        allow(actor, Action.OPERATE)
        keys = public_keys(key_set)
        if not 0 <= overlap_h <= LONGEST_OVERLAP_H:
            raise _refused("overlap", f"Old keys count for 0 to {LONGEST_OVERLAP_H} hours more.")
        with self.store.write(actor.clinic_id, actor) as tx:
            if tx.clients.get(client_id, lock=True).client.jwks_url is not None:
                raise ConflictError("This client publishes its keys itself.")
            tx.clients.replace_keys(client_id, keys, tx.now + timedelta(hours=overlap_h))
            _told(tx, "rotate-client", client_id)

    def disable(self, actor: Actor, client_id: str) -> bool:
        """Keep a client from signing in, and end its tokens at once; tell whether it could sign in until now.

        Raises:
            NotFoundError: the clinic has no such client.
        """
        allow(actor, Action.OPERATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.clients.get(client_id, lock=True)
            changed = tx.clients.disable(client_id)
            _told(tx, "disable-client", client_id)
            return changed

    def _client(self, actor: Actor, order: ClientOrder) -> tuple[Client, tuple[ClientKey, ...]]:
        if not 0 < len(order.name.strip()) <= LONGEST_NAME:
            raise _refused("name", f"A client has a name of at most {LONGEST_NAME} characters.")
        if order.role not in CLIENT_ROLES:
            raise _refused("role", "A client is a system or an operator.")
        if (order.key_set is None) == (order.jwks_url is None):
            raise _refused("keys", "A client has a key set, or an address of one.")
        if order.jwks_url is not None:
            demand_allowed(order.jwks_url, self.hosts)
        scopes = parse_scopes(order.scopes)
        demand_reachable(order.kind, scopes, is_demo=self.is_demo)
        keys = () if order.key_set is None else public_keys(order.key_set)
        return Client(
            new_id(),
            actor.clinic_id,
            order.name.strip(),
            order.role,
            order.kind,
            scopes,
            order.jwks_url,
            ClientState.ACTIVE,
            self.clock.now(),
            self._redirect(order),
        ), keys

    def _redirect(self, order: ClientOrder) -> str | None:
        if order.redirect_uri is None:
            return None
        if order.role is not Role.SYSTEM:
            raise _refused("role", "Only a system opens pages.")
        return demand_redirect(order.redirect_uri, is_demo=self.is_demo)


def demand_allowed(url: str, hosts: frozenset[str]) -> None:
    """Refuse an address that is not of an allowed host, by HTTPS, on its own port.

    Raises:
        InvalidInputError: it is none.
    """
    parts = urlsplit(url)
    plain = f"https://{parts.hostname}{parts.path}" == url
    if not plain or parts.hostname not in hosts:
        raise _refused("jwks_url", "Key sets are fetched by https:// from the hosts of SVARBRO_KEY_SET_HOSTS alone.")


def _told(tx: Tx, action: str, client_id: str) -> None:
    tx.audit.record(AuditEvent(action, f"Client/{client_id}", purpose="setup"))


def _refused(place: str, text: str) -> InvalidInputError:
    return InvalidInputError(text, issues=[Issue("value", text, place, rule="client")])
