"""The plan service's shelf: every version of every resource, written only under the right precondition."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection, Row
from typing import Any

from delivery.simulator.notebook import Notebook

KINDS = ("CarePlan", "ClinicalImpression", "Observation")


class PreconditionError(Exception):
    """The version that the writer names is not the one on the shelf."""


@dataclass(frozen=True, slots=True)
class Held:
    """One version of one resource.

    Args:
        version: from 1.
        body: the resource, with `meta` as the shelf sets it.
    """

    version: int
    body: dict[str, Any] = field(repr=False)

    @property
    def etag(self) -> str:
        """Weak ETag of the version."""
        return f'W/"{self.version}"'


@dataclass(frozen=True, slots=True)
class Write:
    """One PUT.

    Args:
        if_match: ETag that must be current.
        if_none_match: `*` = there must be none yet.
    """

    kind: str
    id: str
    body: dict[str, Any] = field(repr=False)
    if_match: str | None = None
    if_none_match: str | None = None


class PlanShelf:
    """Reads and writes resources."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def read(self, kind: str, resource_id: str) -> Held | None:
        """Return the newest version."""
        with self._notebook.transaction() as connection:
            return _newest(connection, kind, resource_id)

    def history(self, kind: str, resource_id: str) -> tuple[Held, ...]:
        """Return every version, newest last."""
        with self._notebook.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM resource WHERE kind = ? AND id = ? ORDER BY version", (kind, resource_id)
            ).fetchall()
        return tuple(_held(row) for row in rows)

    def plan_ids(self) -> tuple[str, ...]:
        """Return the ids of all plans, the one written last first."""
        with self._notebook.transaction() as connection:
            rows = connection.execute(
                "SELECT id FROM resource WHERE kind = 'CarePlan' GROUP BY id ORDER BY max(rowid) DESC"
            ).fetchall()
        return tuple(row["id"] for row in rows)

    def beside(self, plan_id: str) -> tuple[dict[str, Any], ...]:
        """Return the newest versions of what was written together with a plan, oldest first."""
        with self._notebook.transaction() as connection:
            rows = connection.execute(
                "SELECT *, max(version) FROM resource WHERE plan = ? AND kind <> 'CarePlan'"
                " GROUP BY kind, id ORDER BY min(rowid)",
                (plan_id,),
            ).fetchall()
        return tuple(_held(row).body for row in rows)

    def write(self, writes: Sequence[Write], at: datetime) -> tuple[Held, ...]:
        """Write all or nothing, in order.

        Raises:
            PreconditionError: nothing was written.
        """
        plan_id = next((write.id for write in writes if write.kind == "CarePlan"), "")
        with self._notebook.transaction() as connection:
            return tuple(_put(connection, write, plan_id, at) for write in writes)


def _put(connection: Connection, write: Write, plan_id: str, at: datetime) -> Held:
    current = _newest(connection, write.kind, write.id)
    if write.if_none_match == "*" and current:
        raise PreconditionError(f"{write.kind} exists already")
    if write.if_match and (current is None or current.etag != write.if_match):
        raise PreconditionError(f"{write.kind} was changed meanwhile")
    version = current.version + 1 if current else 1
    body = write.body | {"meta": {"versionId": str(version), "lastUpdated": at.isoformat()}}
    connection.execute(
        "INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?)",
        (write.kind, write.id, version, json.dumps(body), plan_id, at.isoformat()),
    )
    return Held(version, body)


def _newest(connection: Connection, kind: str, resource_id: str) -> Held | None:
    row = connection.execute(
        "SELECT * FROM resource WHERE kind = ? AND id = ? ORDER BY version DESC LIMIT 1", (kind, resource_id)
    ).fetchone()
    return _held(row) if row else None


def _held(row: Row) -> Held:
    return Held(row["version"], json.loads(row["body"]))
