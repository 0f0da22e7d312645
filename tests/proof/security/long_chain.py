"""A long chain in a database of either kind: built, followed by the real command, and edited past its guards."""

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, Text, cast, insert, literal, select, update
from sqlalchemy.exc import DBAPIError

from flow.seal import SealAudit
from kernel.clock import SystemClock
from kernel.ids import new_id
from kernel.settings import Settings
from security.actor import Role
from security.chain import Head, walk
from security.keys import ensure_key_file
from store.anchors import AnchorFile
from store.base import table_of
from store.database import Store
from store.engine import open_engine
from store.stored_text import stored_text
from store.tables import AuditChainRow, AuditEventRow
from store.transaction import Tx
from tests.bench.patients import settings_of
from tests.builders import CLINIC_ID, an_actor
from tests.stored import store_clinic

CHAIN, EVENT = table_of(AuditChainRow), table_of(AuditEventRow)
OPERATOR = an_actor(Role.OPERATOR)
TOGETHER = 10_000
WINDOW = 200
"""Links that are followed to find one edit: `svarbro audit verify` follows all of them in the same way, in parts."""
LETTERS = '0123456789abcdefXYZ-:. "{}[]'
PEAK = """
import sys, re, pathlib
from cli.main import main
try:
    main()
finally:
    status = pathlib.Path("/proc/self/status").read_text()
    print("peak", re.search(r"VmHWM:\\s+(\\d+)", status)[1], file=sys.stderr)
"""


@dataclass(frozen=True)
class Followed:
    """What `svarbro audit verify` said, and the most memory that it took, in MiB."""

    exit_code: int
    said: Mapping[str, Any]
    peak_mib: float
    seconds: float


@dataclass(frozen=True)
class LongChain:
    """One clinic's chain in a database."""

    store: Store
    environ: Mapping[str, str]
    anchors: AnchorFile

    def grow(self, rows: int) -> float:
        """Record so many acts and seal them; return the seconds of sealing."""
        act: dict[str, Any] = {"clinic_id": CLINIC_ID, "role": Role.CLINICIAN, "actor_id": "a", "action": "read"}
        act |= {"purpose": "treatment", "at": SystemClock().now()}
        for first in range(0, rows, TOGETHER):
            ids = [new_id() for _ in range(min(TOGETHER, rows - first))]
            acts = [{**act, "id": one, "entity": f"Patient/{one}", "patients": [one]} for one in ids]
            with self.store.queue() as queue:
                queue.connection.execute(insert(EVENT), acts)
        begun = time.monotonic()
        SealAudit(self.store, self.anchors)()
        return time.monotonic() - begun

    def followed(self) -> Followed:
        """Run the command that follows every chain, in a process of its own."""
        begun = time.monotonic()
        command = [sys.executable, "-c", PEAK, "audit", "verify", "--json"]
        done = subprocess.run(command, check=False, env=dict(self.environ), capture_output=True, text=True)
        peak = re.search(r"peak (\d+)", done.stderr)
        assert peak, done.stderr
        return Followed(done.returncode, json.loads(done.stdout), int(peak[1]) / 1024, time.monotonic() - begun)


@contextmanager
def long_chain(database_url: str, directory: Path) -> Iterator[LongChain]:
    """Open a store with one clinic and nothing in its chain."""
    environ = settings_of(directory, database_url)
    keys = ensure_key_file(Settings.from_env(environ).keys_file)
    store = Store(open_engine(database_url), keys, SystemClock(), directory / "writer.lock")
    try:
        store_clinic(store)
        yield LongChain(store, environ, AnchorFile(directory / "audit-anchors.jsonl"))
    finally:
        store.close()


@dataclass(frozen=True)
class Editor:
    """Edits single cells at random, past the guards, and undoes each."""

    tx: Tx
    chance: random.Random

    @property
    def connection(self) -> Connection:
        """Of the transaction in which no trigger fires."""
        return self.tx.scope.connection

    def edit(self, seq: int) -> tuple[str, bool] | None:
        """Edit a link or the row that it seals.

        Returns:
            The table, and whether the edit is found; None where the database took no such value.
        """
        first = max(0, seq - 1 - WINDOW // 2)
        (link,) = self.tx.chain.links(seq - 1, 1)
        before = Head(first, self.tx.chain.links(first - 1, 1)[0].hash) if first else Head()
        table, key = self.chance.choice([(EVENT, EVENT.c.id == link.row_id), (CHAIN, CHAIN.c.seq == seq)])
        with self.connection.begin_nested() as savepoint:
            try:
                is_other = self._change(table, key, self.chance.choice(list(table.c.keys())))
            except DBAPIError:
                savepoint.rollback()
                return None
            found = self._is_found(before)
            savepoint.rollback()
        return (table.name, found) if is_other else None

    def _change(self, table: Table, key: Any, name: str) -> bool:
        """Change one cell; tell whether what is stored is another value now."""
        cell = select(stored_text(self.connection, table.c[name])).where(table.c.clinic_id == CLINIC_ID, key)
        old = self.connection.execute(cell).scalar_one()
        text = literal(edited(old, self.chance), Text)
        value = text if self.connection.dialect.name == "sqlite" else cast(text, table.c[name].type)
        which = select(table.c.id if table is EVENT else table.c.seq).where(table.c.clinic_id == CLINIC_ID, key)
        self.connection.execute(update(table).where(table.c.clinic_id == CLINIC_ID, key).values({name: value}))
        still = self.connection.execute(which).first()
        return still is None or self.connection.execute(cell).scalar_one() != old

    def _is_found(self, before: Head) -> bool:
        links = self.tx.chain.links(before.seq, WINDOW)
        _, broken = walk(CLINIC_ID, before, links, self.tx.chain.rows_of(links[0].seq, links[-1].seq))
        return broken is not None or bool(self.tx.chain.unsealed())


def edited(value: str | None, chance: random.Random) -> str:
    """Change one character of what is stored."""
    if not value:
        return "x"
    place = chance.randrange(len(value))
    other = chance.choice([letter for letter in LETTERS if letter != value[place]])
    return value[:place] + other + value[place + 1 :]
