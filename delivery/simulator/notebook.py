"""The simulator's memory: one small SQLite file, or none."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    n INTEGER PRIMARY KEY, app TEXT NOT NULL, key TEXT NOT NULL, reference TEXT NOT NULL UNIQUE, body TEXT NOT NULL,
    state TEXT NOT NULL, received_at TEXT NOT NULL, UNIQUE (app, key));
CREATE TABLE IF NOT EXISTS answered (
    reference TEXT NOT NULL, order_id TEXT NOT NULL, PRIMARY KEY (reference, order_id));
CREATE TABLE IF NOT EXISTS withdrawn (
    app TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (app, key));
CREATE TABLE IF NOT EXISTS told (
    n INTEGER PRIMARY KEY, app TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS letter (
    n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, name TEXT NOT NULL, pdf BLOB,
    withdrawn INTEGER NOT NULL, received_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS arrival (
    target TEXT NOT NULL, key TEXT NOT NULL, raw INTEGER NOT NULL, accepted INTEGER NOT NULL,
    PRIMARY KEY (target, key));
CREATE TABLE IF NOT EXISTS resource (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, plan TEXT NOT NULL,
    written_at TEXT NOT NULL, PRIMARY KEY (kind, id, version));
CREATE TABLE IF NOT EXISTS lps_patient (
    n INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lps_entry (
    n INTEGER PRIMARY KEY, place TEXT NOT NULL, key TEXT NOT NULL, reference TEXT NOT NULL, patient INTEGER NOT NULL,
    body TEXT NOT NULL, received_at TEXT NOT NULL, UNIQUE (place, key));
"""
_SHAPE = 3
"""Counts the changes of the schema: a file of another shape begins anew, nobody's data is lost with a simulator's."""
_TABLES = (
    *("message", "answered", "withdrawn", "told", "letter"),
    *("arrival", "resource", "lps_patient", "lps_entry"),
)


class Notebook:
    """Hands out one transaction at a time; a simulator has few visitors."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            # The file holds names and CPR numbers of test persons: nobody else on the machine needs to read it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None, timeout=10
        )
        self._connection.row_factory = sqlite3.Row
        # A killed simulator loses nothing that the operating system holds; a power cut is not its business.
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        if self._connection.execute("PRAGMA user_version").fetchone()[0] != _SHAPE:
            self._connection.executescript("".join(f"DROP TABLE IF EXISTS {table};" for table in _TABLES))
        self._connection.executescript(f"{_SCHEMA} PRAGMA user_version = {_SHAPE};")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction; an error undoes it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
