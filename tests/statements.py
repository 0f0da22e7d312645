"""What a store asks its database, counted while a block runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from store.database import Store


@contextmanager
def counted(store: Store) -> Iterator[dict[str, list[str]]]:
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


def of_the_way(told: dict[str, list[str]]) -> list[str]:
    """Leave out how the databases begin and take turns."""
    return [one for one in told["statements"] if not one.startswith("BEGIN") and "pg_advisory" not in one]
