"""The chain of a clinic: rows that wait are sealed, and the chain is read part by part to be followed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, select, tuple_
from sqlalchemy.exc import DBAPIError

from security.chain import Head, Kind, Link, fingerprint, linked
from store.base import table_of
from store.dialect import take_turns
from store.guards import missing_guards
from store.scope import Found, Scope
from store.stored_text import stored_text, stored_texts
from store.tables.audit_chain import AuditChainRow
from store.tables.audit_event import AuditEventRow
from store.tables.audit_unsealed import AuditUnsealedRow
from store.tables.score import ScoreRow
from store.tables.score_history import ScoreHistoryRow
from store.values import batched

CHAIN = table_of(AuditChainRow)
UNSEALED = table_of(AuditUnsealedRow)
HISTORY = table_of(ScoreHistoryRow)
TABLES: Mapping[Kind, Table] = {
    Kind.AUDIT: table_of(AuditEventRow),
    Kind.SCORE: table_of(ScoreRow),
    Kind.EARLIER_SCORE: HISTORY,
}
LINK = ("kind", "row_id", "row_sha256", "sealed_at", "hash")
UNREADABLE = ("",)
"""Stands for the cells of a row that the database itself cannot read any more; no fingerprint is made of it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one transaction did.

    Args:
        count: rows sealed.
        before: where the chain ended before.
        before_at: when that last link was made, as it is stored; None for a new chain.
        more: rows may still wait.
    """

    count: int
    before: Head
    before_at: str | None
    more: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """Seals and reads the chain of one clinic."""

    scope: Scope

    def seal(self, limit: int) -> Sealed:
        """Seal rows that wait, kind by kind, oldest id first: in the order of their key, however many wait.

        Only committed rows can be seen waiting, and whatever commits later waits for the next time: the order of the
        chain is that in which rows were seen, so that no row is left out however long its transaction took.
        """
        take_turns(self.scope.connection, f"chain/{self.scope.clinic_id}")
        before, before_at = self._last()
        waiting = self.scope.all(
            self.scope.select(UNSEALED).order_by(UNSEALED.c.kind, UNSEALED.c.row_id, UNSEALED.c.mark).limit(limit)
        )
        prints = self._fingerprints(waiting)
        rows = [
            (*key, prints[key])
            for key in dict.fromkeys((Kind(row.kind), row.row_id) for row in waiting)
            if key in prints
        ]
        self._append(before, rows)
        key = tuple_(UNSEALED.c.kind, UNSEALED.c.row_id, UNSEALED.c.mark)
        for part in batched(waiting, 200):
            self.scope.delete(UNSEALED, key.in_([(row.kind, row.row_id, row.mark) for row in part]))
        return Sealed(len(rows), before, before_at, more=len(waiting) == limit)

    def links(self, after: int, limit: int) -> tuple[Link, ...]:
        """Return the links that follow a number."""
        connection = self.scope.connection
        query = _select([CHAIN.c.seq, *stored_texts(connection, CHAIN, LINK)])
        query = query.where(CHAIN.c.clinic_id == self.scope.clinic_id, CHAIN.c.seq > after)
        return tuple(Link(*tuple(row)) for row in self.scope.all(query.order_by(CHAIN.c.seq).limit(limit)))

    def rows_of(self, first: int, last: int) -> Mapping[int, Sequence[str]]:
        """Return number -> fingerprints of what is stored now of the rows that these links sealed.

        A score that was scored again stands in the history under another id; its link is older, and stays.
        """
        found: dict[int, list[str]] = defaultdict(list)
        for kind in Kind:
            for seq, cells in self._joined(kind, TABLES[kind], (first, last)):
                found[seq].append(fingerprint(kind, cells) if cells is not UNREADABLE else "")
        for seq, cells in self._joined(Kind.SCORE, HISTORY, (first, last), as_score=True):
            found[seq].append(fingerprint(Kind.SCORE, cells))
        return found

    def unsealed(self) -> Mapping[Kind, str]:
        """Return kind -> id of the first row that is neither sealed nor waits to be."""
        found: dict[Kind, str] = {}
        for kind, table in TABLES.items():
            query = select(table.c.id).where(
                table.c.clinic_id == self.scope.clinic_id, ~_is_in(CHAIN, table, kind), ~_is_in(UNSEALED, table, kind)
            )
            row = self.scope.first(query.order_by(table.c.id))
            if row is not None:
                found[kind] = row.id
        return found

    def waiting(self) -> int:
        """Count the rows that wait to be sealed."""
        query = select(func.count()).select_from(UNSEALED).where(UNSEALED.c.clinic_id == self.scope.clinic_id)
        return int(self.scope.connection.execute(query).scalar_one())

    def missing_guards(self) -> tuple[str, ...]:
        """Name the triggers that somebody took away."""
        return missing_guards(self.scope.connection)

    def _last(self) -> tuple[Head, str | None]:
        at = stored_text(self.scope.connection, CHAIN.c.sealed_at).label("at")
        query = select(CHAIN.c.seq, CHAIN.c.hash, at).where(CHAIN.c.clinic_id == self.scope.clinic_id)
        row = self.scope.first(query.order_by(CHAIN.c.seq.desc()))
        return (Head(), None) if row is None else (Head(row.seq, row.hash), row.at)

    def _append(self, head: Head, rows: Sequence[tuple[Kind, str, str]]) -> None:
        sealed_at = self.scope.now
        as_stored = sealed_at.strftime("%Y-%m-%d %H:%M:%S.%f")
        links = []
        for row in rows:
            link = linked(self.scope.clinic_id, head, row, as_stored)
            head = Head(link.seq, link.hash)
            links.append(
                {
                    "seq": link.seq,
                    "kind": link.kind.value,
                    "row_id": link.row_id,
                    "row_sha256": link.row_sha256,
                    "sealed_at": sealed_at,
                    "hash": link.hash,
                }
            )
        self.scope.insert_all(CHAIN, links)

    def _fingerprints(self, waiting: Sequence[Found]) -> dict[tuple[Kind, str], str]:
        prints: dict[tuple[Kind, str], str] = {}
        for kind, table in TABLES.items():
            ids = sorted({row.row_id for row in waiting if row.kind == kind})
            for part in batched(ids):
                query = _select(self._cells(table))
                query = query.where(table.c.clinic_id == self.scope.clinic_id, table.c.id.in_(part))
                prints |= {(kind, row.id): fingerprint(kind, row) for row in self.scope.all(query)}
        return prints

    def _cells(self, table: Table) -> list[ColumnElement[str]]:
        return stored_texts(self.scope.connection, table, sorted(table.c.keys()))

    def _joined(
        self, kind: Kind, table: Table, part: tuple[int, int], *, as_score: bool = False
    ) -> list[tuple[int, Sequence[str | None]]]:
        """Return what is stored of a part's rows of one kind, each with the number of its link."""
        if as_score:
            names = sorted(TABLES[Kind.SCORE].c.keys())
            sources = ("score_row_id" if name == "id" else name for name in names)
            cells = [stored_text(self.scope.connection, table.c[name]) for name in sources]
        else:
            cells = self._cells(table)
        key = table.c.score_row_id if as_score else table.c.id
        same = and_(table.c.clinic_id == CHAIN.c.clinic_id, key == CHAIN.c.row_id)
        query = _select([CHAIN.c.seq, *cells]).select_from(CHAIN.join(table, same))
        query = query.where(CHAIN.c.clinic_id == self.scope.clinic_id, CHAIN.c.kind == kind.value)
        return self._read(query, part)

    def _read(self, query: Select[Any], part: tuple[int, int]) -> list[tuple[int, Sequence[str | None]]]:
        first, last = part
        try:
            rows = self.scope.all(query.where(CHAIN.c.seq.between(first, last)))
        except DBAPIError:
            # SQLite gives bytes that are no text only as an error: the half that holds them is looked for.
            if first == last:
                return [(first, UNREADABLE)]
            middle = (first + last) // 2
            return [*self._read(query, (first, middle)), *self._read(query, (middle + 1, last))]
        return [(row[0], tuple(row)[1:]) for row in rows]


def _select(columns: Sequence[ColumnElement[Any]]) -> Select[Any]:
    return select(*columns)


def _is_in(listed: Table, table: Table, kind: Kind) -> ColumnElement[bool]:
    return (
        select(listed.c.row_id)
        .where(listed.c.clinic_id == table.c.clinic_id, listed.c.kind == kind.value, listed.c.row_id == table.c.id)
        .exists()
    )
