"""What a submit may cost, in counts: they are the same on every machine, so they guard what `make bench` measures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.contract.doors import cat, kol_status

MOST_STATEMENTS = 15
"""Of the transaction that files an answer in the midst of an occasion, its beginning and end aside."""


@contextmanager
def counted(store) -> Iterator[dict[str, list[str]]]:
    """Keep what the engine of a store is asked while the block runs."""
    told: dict[str, list[str]] = {"statements": [], "commits": []}
    listeners: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": lambda _connection, _cursor, statement, *_: told["statements"].append(statement),
        "commit": lambda _connection: told["commits"].append("commit"),
    }
    for name, listener in listeners.items():
        event.listen(store._engine, name, listener)
    yield told
    for name, listener in listeners.items():
        event.remove(store._engine, name, listener)


@pytest.fixture
def submitted(way):
    asked = way.asked(enrolled) if (enrolled := way.enrolled()) and way.open_due() else {}
    way.answer(kol_status(asked["kol-status"].id))
    with counted(way.store) as told:
        way.answer(cat(asked["cat"].id))
    return told


def of_the_way(told):
    """Leave out how the databases begin and take turns."""
    return [one for one in told["statements"] if not one.startswith("BEGIN") and "pg_advisory" not in one]


def test_a_submit_asks_the_database_no_more_than_it_must(submitted):
    assert len(of_the_way(submitted)) <= MOST_STATEMENTS


def test_a_submit_is_one_transaction(submitted):
    assert submitted["commits"] == ["commit"]


def test_no_statement_of_a_submit_is_sent_twice(submitted):
    assert len(set(of_the_way(submitted))) == len(of_the_way(submitted))
