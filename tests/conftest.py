"""What every test may use, and the log that all of them share."""

import gc
import logging
import os
import shutil
from collections.abc import Iterator

import pytest
import structlog

from tests.databases import (
    clock,
    database_url,
    keyring,
    migrated_sqlite,
    postgres_databases,
    postgresql_url,
    shared_postgresql_url,
    sqlite_store,
    sqlite_url,
    store,
    wipe,
)
from tests.log_corpus import VARIABLE, corpus_dir, keep_own_log

pytest_plugins = ["tests.compiled_once", "tests.log_search", "tests.measured_once", "tests.pure_rooms"]

__all__ = [
    "clock",
    "database_url",
    "keyring",
    "migrated_sqlite",
    "postgres_databases",
    "postgresql_url",
    "shared_postgresql_url",
    "sqlite_store",
    "sqlite_url",
    "store",
    "wipe",
]

OWN_LOG = pytest.StashKey[logging.Handler]()
MADE_HERE = pytest.StashKey[bool]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the log corpus."""
    config.stash[MADE_HERE] = VARIABLE not in os.environ
    config.stash[OWN_LOG] = keep_own_log()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the log corpus; it is removed unless somebody gave it a place."""
    handler = config.stash[OWN_LOG]
    logging.getLogger().removeHandler(handler)
    handler.close()
    if config.stash[MADE_HERE]:
        shutil.rmtree(corpus_dir(), ignore_errors=True)
        os.environ.pop(VARIABLE, None)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Undo what a test did to the logs: the tests after it on the same worker log into the corpus like all others."""
    root = logging.getLogger()
    handlers, level, configuration = list(root.handlers), root.level, structlog.get_config()
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**configuration)


LONGEST_FIRST = ("tests/fault", "tests/browser", "tests/contract", "tests/property")
"""Several workers share the files of tests in this order: no worker is left with a long one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders whose tests take longest."""
    items.sort(key=lambda item: next((n for n, at in enumerate(LONGEST_FIRST) if item.nodeid.startswith(at)), 99))


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was loaded once and stays: that was a tenth of the whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
