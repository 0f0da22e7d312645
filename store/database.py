"""The database: Flask-SQLAlchemy owns the engine, the store opens the transactions."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Select, bindparam, select

from delivery.adopted import Adopted
from kernel.clock import Clock
from kernel.errors import SvarbroError
from kernel.ids import ClinicId, MessageId, OccasionId, RequestId
from security.actor import Actor
from security.client import KnownClient
from security.cpr import Identifier
from security.kek import KeyEncryption, OwnKeys
from security.keys import Keys
from security.scopes import parse_scopes
from store.adopted import read_adopted, revision_of
from store.base import Base, table_of
from store.engine import BEGINS, IMMEDIATE, connection_url, engine_options, prepare
from store.faults import translated
from store.migration import DIRECTORY, current_revision, expected_head
from store.own import find_clinics_of
from store.queue import QueueTx
from store.repositories.clients import find_client
from store.repositories.staff import SignedIn, find_clinics, find_session
from store.rewrapping import Rewrapping
from store.row_security import taking_on, unsecured
from store.scope import Found, Scope
from store.sole import sole_holder
from store.survey import Survey
from store.tables.access_token import AccessTokenRow
from store.tables.clinic import ClinicRow
from store.tables.occasion import OccasionRow
from store.tables.outbox import OutboxRow
from store.tables.request import RequestRow
from store.transaction import Tx
from store.turn import WriterTurn

CLINIC = table_of(ClinicRow)
OCCASION = table_of(OccasionRow)
OUTBOX = table_of(OutboxRow)
REQUEST = table_of(RequestRow)
TOKEN = table_of(AccessTokenRow)

OF_TOKEN = select(TOKEN).where(TOKEN.c.token_hash == bindparam("of_hash"), TOKEN.c.expires_at > bindparam("now"))

db = SQLAlchemy(model_class=Base)
"""Engine and metadata only: `db.session`, `db.Model` and `Model.query` are not used."""


def init_database(app: Flask, url: str) -> Engine:
    """Bind the application to a database and its migrations (`flask db`), and return its engine.

    Args:
        url: such as `sqlite:////absolute/path.db` or `postgresql://user@host/name`.
    """
    parsed = connection_url(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = parsed
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(parsed)
    db.init_app(app)
    Migrate(app, db, directory=str(DIRECTORY))
    with app.app_context():
        return prepare(db.engine)


class Store:
    """Opens transactions and answers the few questions that come before a clinic is known.

    Args:
        engine: from `init_database` or `store.engine.open_engine`.
        keyring: opens and seals what is encrypted.
        clock: gives the moment of each transaction.
        lock_path: file by which processes take turns in writing to SQLite; not used on PostgreSQL.
    """

    def __init__(self, engine: Engine, keyring: Keys, clock: Clock, lock_path: Path | None = None) -> None:
        self._engine = engine
        self._keyring = keyring
        self._encryption: KeyEncryption = OwnKeys(keyring)
        self._clock = clock
        has_one_writer = engine.dialect.name == "sqlite"
        self._turn = WriterTurn(lock_path) if lock_path and has_one_writer else None

    @contextmanager
    def write(self, clinic_id: ClinicId, actor: Actor) -> Iterator[Tx]:
        """Open a transaction that changes one clinic; committed at the end of the block, rolled back if it raises.

        Raises:
            ConflictError: a constraint said no; nothing was changed.
            UnavailableError: the database cannot be reached or is busy; try again.
        """
        with self._writing(clinic_id) as connection:
            yield self._tx(connection, clinic_id, actor, writable=True)

    @contextmanager
    def read(self, clinic_id: ClinicId, actor: Actor) -> Iterator[Tx]:
        """Open a transaction that only looks at one clinic; on SQLite all its queries see the same moment."""
        with self._reading(clinic_id) as connection:
            yield self._tx(connection, clinic_id, actor, writable=False)

    @contextmanager
    def queue(self) -> Iterator[QueueTx]:
        """Open a writing transaction over all clinics, for the ticks of the worker."""
        with self._writing() as connection:
            yield QueueTx(connection, partial(self._tx, connection, writable=True))

    def rewrapping(self, queue: QueueTx) -> Rewrapping:
        """Give what wraps data keys anew, within a transaction over all clinics."""
        return Rewrapping(queue.connection, self._encryption)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Be a worker of this database while the block runs: one of many on PostgreSQL, the only one on SQLite.

        Whoever is the only one frees what a worker before it left leased: nobody else can still be sending it.

        Raises:
            ConflictError: on SQLite, another worker lives.
        """
        path = self._engine.url.database
        if self._engine.dialect.name != "sqlite" or not path:
            yield
            return
        with sole_holder(Path(f"{path}-worker"), "Another worker runs on this SQLite database; PostgreSQL has many."):
            with self.queue() as queue:
                queue.free_all_leases(self._clock.now())
            yield

    @contextmanager
    def survey(self) -> Iterator[Survey]:
        """Open a transaction that only looks, over all clinics: for probes, metrics, and to find who is due."""
        with self._reading() as connection:
            yield Survey(connection)

    def find_link(self, token_hash: str) -> tuple[ClinicId, OccasionId] | None:
        """Return what a personal link opens, by the hash of its token."""
        query = select(OCCASION.c.clinic_id, OCCASION.c.id).where(OCCASION.c.link_hash == token_hash)
        row = self._first(query)
        return None if row is None else (ClinicId(row.clinic_id), OccasionId(row.id))

    def actor_of_token(self, token_hash: str) -> Actor | None:
        """Return whom a bearer token stands for, by its hash; None when unknown or no longer valid."""
        with self._reading() as connection:
            row = connection.execute(OF_TOKEN, {"of_hash": token_hash, "now": self._clock.now()}).first()
        if row is None:
            return None
        scopes = None if row.scopes is None else parse_scopes(row.scopes)
        return Actor(row.role, row.actor_id, ClinicId(row.clinic_id), row.display, row.on_behalf_of, scopes)

    def find_client(self, client_id: str) -> KnownClient | None:
        """Return a system that signs in by itself, with the keys that count now; None for an unknown id."""
        with self._reading() as connection:
            return find_client(connection, client_id, self._clock.now())

    def find_session(self, token_hash: str) -> SignedIn | None:
        """Return who of the staff has this session, by the hash of its token."""
        with self._reading() as connection:
            return find_session(connection, token_hash)

    def find_clinics(self, sor_ids: Collection[str], provider_numbers: Collection[str]) -> tuple[ClinicId, ...]:
        """Return the clinics that have one of the SOR ids, and one of the provider numbers, where any are given."""
        with self._reading() as connection:
            return find_clinics(connection, sor_ids, provider_numbers)

    def find_clinics_of(self, identifier: Identifier) -> tuple[ClinicId, ...]:
        """Return the clinics that know a person as a patient, or as somebody who answers for one; oldest first."""
        with self._reading() as connection:
            return find_clinics_of(connection, self._keyring.index_key, identifier)

    def clinics(self) -> tuple[ClinicId, ...]:
        """Return all clinics, oldest first."""
        with self._reading() as connection:
            rows = connection.execute(select(CLINIC.c.id).order_by(CLINIC.c.id)).all()
        return tuple(ClinicId(row.id) for row in rows)

    def clinic_of_request(self, request_id: RequestId) -> ClinicId | None:
        """Return the clinic that asked; for doors at which only the request is known."""
        row = self._first(select(REQUEST.c.clinic_id).where(REQUEST.c.id == request_id))
        return None if row is None else ClinicId(row.clinic_id)

    def clinic_of_message(self, message_id: MessageId) -> ClinicId | None:
        """Return the clinic that a message of the outbox belongs to; for receipts."""
        row = self._first(select(OUTBOX.c.clinic_id).where(OUTBOX.c.id == message_id))
        return None if row is None else ClinicId(row.clinic_id)

    def content_revision(self) -> int:
        """Return the number that grows whenever content is approved or wording imported: one row, read in no time."""
        with self._reading() as connection:
            return revision_of(connection)

    def adopted(self) -> Adopted:
        """Return all that this deployment added to the released content."""
        with self._reading() as connection:
            return read_adopted(connection)

    def ping(self) -> None:
        """Ask the database for a sign of life.

        Raises:
            UnavailableError: there is none.
        """
        with self._asking() as connection:
            connection.execute(select(1))

    def migration_is_current(self) -> bool:
        """Tell whether the database is at the newest revision that this code knows."""
        with self._asking() as connection:
            return current_revision(connection) == expected_head()

    def unsecured(self) -> tuple[str, ...]:
        """Name the tables around which somebody took the second wall away; on SQLite there is none to take."""
        with self._asking() as connection:
            return unsecured(connection, Base.metadata) if connection.dialect.name == "postgresql" else ()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _writing(self, clinic_id: ClinicId | None = None) -> Iterator[Connection]:
        self._look_at_keys()
        turn = self._turn.take() if self._turn else nullcontext()
        with translated(), turn, self._engine.connect() as connection:
            connection.execution_options(**{IMMEDIATE: True, BEGINS: taking_on(clinic_id)})
            with connection.begin():
                yield connection

    @contextmanager
    def _reading(self, clinic_id: ClinicId | None = None) -> Iterator[Connection]:
        self._look_at_keys()
        with translated(), self._engine.connect() as connection:
            connection.execution_options(**{BEGINS: taking_on(clinic_id)})
            yield connection

    def _look_at_keys(self) -> None:
        """Have the keys at hand before a transaction begins: it may take an outside call to open what was changed.

        Keys that cannot be had are told to whoever needs one.
        """
        with suppress(SvarbroError):
            _ = self._keyring.ring

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        """Connect as who signed in: a database that is behind may not have the roles yet."""
        with translated(), self._engine.connect() as connection:
            yield connection

    def _first(self, query: Select[Any]) -> Found | None:
        with self._reading() as connection:
            found: Found | None = connection.execute(query.limit(1)).first()
        return found

    def _tx(self, connection: Connection, clinic_id: ClinicId, actor: Actor, *, writable: bool) -> Tx:
        scope = Scope(connection, clinic_id, actor, self._clock, self._keyring, self._encryption, writable=writable)
        return Tx(scope)
