"""Templates and statements are compiled once for all applications of a test process, as in a server that runs for long.

To compile them anew took a quarter of what tests cost; and a statement kept under a wrong key shows when used again.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Compiled, Engine
from sqlalchemy.util import LRUCache

from store import database, engine

STATEMENTS: LRUCache[Any, Compiled] = LRUCache(5_000)
DIALECTS = (engine.SqliteDialect, engine.PostgresDialect)


class Templates(BytecodeCache):
    """Keeps what templates were compiled to, in memory; Jinja asks for it by name and source."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was kept, if anything was."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def pytest_configure() -> None:
    """Let every application that is made from now on ask here first."""
    patch = pytest.MonkeyPatch()
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Templates()})
    for dialect in DIALECTS:
        # Each engine has a dialect of its own, by which SQLAlchemy keeps statements apart; ours differ in nothing.
        patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))
    for module in (engine, database):
        patch.setattr(module, "prepare", _sharing)


def _sharing(made: Engine, prepare: Callable[[Engine], Engine] = engine.prepare) -> Engine:
    # What SQLAlchemy offers for this is for one connection; an engine's own is made with the engine.
    made._compiled_cache = STATEMENTS
    return prepare(made)
