"""What a repository works in: one connection, one clinic, one actor, one moment; no statement leaves the clinic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Row,
    Select,
    Table,
    TextClause,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from kernel.clock import Clock
from kernel.errors import NotFoundError
from kernel.ids import ClinicId
from security.actor import Actor
from security.kek import KeyEncryption
from security.keys import Keys
from store.dialect import insert_for
from store.many import run_many

Found = Row[Any]
Where = ColumnElement[bool]
OF_CLINIC = "of_clinic"
"""Parameter of every prepared statement: the clinic that it stays within."""


def of_clinic(table: Table, *where: Where) -> Select[Any]:
    """Prepare a query of one clinic's rows of one table, to be run by `Scope.rows`.

    Making a statement costs several times as much as running it: those of the way of an answer are made once.
    """
    return select(table).where(table.c.clinic_id == bindparam(OF_CLINIC), *where)


def change_of_clinic(table: Table, *where: Where) -> Update:
    """Prepare a change of one clinic's rows of one table, to be run by `Scope.change`."""
    return update(table).where(table.c.clinic_id == bindparam(OF_CLINIC), *where)


@cache
def _by_id(table: Table) -> Select[Any]:
    return of_clinic(table, table.c.id == bindparam("of_id"))


@cache
def _by_id_locked(table: Table) -> Select[Any]:
    return _by_id(table).with_for_update(key_share=True)


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@dataclass(frozen=True)
class Scope:
    """The inside of one transaction.

    Args:
        clinic_id: every statement made here carries it as predicate.
        writable: False in `store.read`: then nothing can be changed.
        data_keys: data keys opened so far in this transaction.
        remembered: rows that no transaction changes while it runs and many steps of it ask for.
    """

    connection: Connection
    clinic_id: ClinicId
    actor: Actor
    clock: Clock = field(repr=False)
    keyring: Keys = field(repr=False)
    encryption: KeyEncryption = field(repr=False)
    writable: bool
    data_keys: dict[str, bytes] = field(repr=False, default_factory=dict)
    remembered: dict[str, Found] = field(repr=False, default_factory=dict)

    @cached_property
    def now(self) -> datetime:
        """The moment of the transaction: taken when first asked for.

        So a use case that locks first is dated after those that it waited for.
        """
        return self.clock.now()

    def select(self, table: Table, *where: Where) -> Select[Any]:
        """Start a query of this clinic's rows of one table."""
        return select(table).where(table.c.clinic_id == self.clinic_id, *where)

    def all(self, statement: Select[Any] | Update | Delete) -> Sequence[Found]:
        """Return all rows of a statement."""
        return self.connection.execute(statement).all()

    def first(self, statement: Select[Any]) -> Found | None:
        """Return the first row of a query, if there is one."""
        return self.connection.execute(statement.limit(1)).first()

    def rows(self, statement: Select[Any], **values: Any) -> Sequence[Found]:
        """Return all rows of a prepared query.

        Args:
            values: of its parameters, the clinic aside.
        """
        return self.connection.execute(statement, {**values, OF_CLINIC: self.clinic_id}).all()

    def change(self, statement: Update, **values: Any) -> int:
        """Run a prepared change; tell how many rows there were."""
        self._must_be_writable()
        return self.connection.execute(statement, {**values, OF_CLINIC: self.clinic_id}).rowcount

    def append(self, statement: ReturningInsert[Any], **values: Any) -> Any:
        """Run a prepared insert that finds the number of its row itself; return the number."""
        self._must_be_writable()
        return self.connection.execute(statement, {**values, OF_CLINIC: self.clinic_id}).scalar_one()

    def rows_of(self, statement: ReturningInsert[Any], **values: Any) -> Sequence[Found]:
        """Run a prepared insert; return what it gives back of its rows."""
        self._must_be_writable()
        return self.connection.execute(statement, {**values, OF_CLINIC: self.clinic_id}).all()

    def run(self, statement: Insert) -> int:
        """Run an insert that names its clinic itself; tell how many rows there were."""
        self._must_be_writable()
        return self.connection.execute(statement).rowcount

    def change_all(self, statement: Update | Insert, values: Sequence[Mapping[str, Any]]) -> int:
        """Run a prepared change or insert once for each set of values, in one call of the driver.

        Returns:
            How many rows there were in all.
        """
        self._must_be_writable()
        return run_many(self.connection, statement, [{**one, OF_CLINIC: self.clinic_id} for one in values])

    def get(self, table: Table, id_: str, *, lock: bool = False) -> Found:
        """Return the row with this id.

        Args:
            lock: keep every other writer of the row waiting until this transaction ends (PostgreSQL; on SQLite the
                whole database has one writer). Rows that only refer to it can still be added.

        Raises:
            NotFoundError: there is none in this clinic.
        """
        found = self.rows(_by_id_locked(table) if lock else _by_id(table), of_id=id_)
        if not found:
            raise NotFoundError(f"There is no such {table.name}.")
        return found[0]

    def insert(self, table: Table, values: Mapping[str, Any]) -> None:
        """Add a row to this clinic, or the clinic's own row."""
        self._must_be_writable()
        tenant = "clinic_id" if "clinic_id" in table.c else "id"
        self.connection.execute(_insert(table), {**values, tenant: self.clinic_id})

    def insert_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add many rows to this clinic by one statement."""
        self._must_be_writable()
        if rows:
            run_many(self.connection, _insert(table), [{**row, "clinic_id": self.clinic_id} for row in rows])

    def insert_once(
        self, table: Table, unique: Sequence[str], values: Mapping[str, Any], *, where: TextClause | None = None
    ) -> bool:
        """Add a row unless one with the same `unique` columns exists; tell whether it was added.

        Args:
            where: condition of the unique index, where that is partial.
        """
        self._must_be_writable()
        statement = insert_for(self.connection, table).values({**values, "clinic_id": self.clinic_id})
        statement = statement.on_conflict_do_nothing(index_elements=list(unique), index_where=where)
        # The row itself is asked for: PostgreSQL's driver does not count what such an INSERT added.
        return self.connection.execute(statement.returning(table.c.clinic_id)).first() is not None

    def update(self, table: Table, where: Sequence[Where], values: Mapping[str, Any]) -> int:
        """Change the rows of this clinic that match; tell how many there were."""
        return self.connection.execute(self._update(table, where, values)).rowcount

    def update_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Change many rows of this clinic by one statement; each names its `id` and the same other columns."""
        self._must_be_writable()
        if not rows:
            return
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
        where = (table.c.clinic_id == self.clinic_id, table.c.id == bindparam("new_id"))
        parameters = [{f"new_{name}": value for name, value in row.items()} for row in rows]
        self.connection.execute(update(table).where(*where).values(values), parameters)

    def update_returning(self, table: Table, where: Sequence[Where], values: Mapping[str, Any]) -> Sequence[Found]:
        """Change the rows of this clinic that match and return them as they are now."""
        return self.all(self._update(table, where, values).returning(*table.c))

    def delete(self, table: Table, *where: Where) -> int:
        """Remove the rows of this clinic that match; tell how many there were."""
        self._must_be_writable()
        statement = delete(table).where(table.c.clinic_id == self.clinic_id, *where)
        return self.connection.execute(statement).rowcount

    def _update(self, table: Table, where: Sequence[Where], values: Mapping[str, Any]) -> Update:
        self._must_be_writable()
        return update(table).where(table.c.clinic_id == self.clinic_id, *where).values(**values)

    def _must_be_writable(self) -> None:
        if not self.writable:
            raise RuntimeError("This transaction was opened for reading.")
