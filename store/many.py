"""One statement for many rows: what it says and how each value is written is found out once, not for each row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Update
from sqlalchemy.engine import Dialect

Write = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement as one driver takes it.

    Args:
        names: of its parameters, in their order.
        fixed: values of those parameters that the statement brings itself, as they are written.
        writes: name -> how its values are written; the others go as they are.
        by_place: the driver wants values by place, not by name.
    """

    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    writes: Mapping[str, Write]
    by_place: bool

    def parameters(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Write the values of rows that all name the same parameters."""
        columns = [self._column(name, rows) for name in self.names]
        if self.by_place:
            return list(zip(*columns, strict=True))
        return [dict(zip(self.names, values, strict=True)) for values in zip(*columns, strict=True)]

    def _column(self, name: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        if name in self.fixed:
            return [self.fixed[name]] * len(rows)
        return _written([row[name] for row in rows], self.writes.get(name))


def run_many(connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]) -> int:
    """Run a statement once for each row, in one call of the driver.

    Args:
        rows: at least one; each names all parameters of the statement.

    Returns:
        How many rows there were in all.
    """
    prepared = _prepared(statement, tuple(rows[0]), connection.dialect)
    return connection.exec_driver_sql(prepared.text, prepared.parameters(rows)).rowcount


@lru_cache(maxsize=256)
def _prepared(statement: Insert | Update, names: tuple[str, ...], dialect: Dialect) -> Prepared:
    keys = list(names) if isinstance(statement, Insert) else None
    compiled = statement.compile(dialect=dialect, column_keys=keys)
    found = {name: bound.type.dialect_impl(dialect).bind_processor(dialect) for name, bound in compiled.binds.items()}
    writes = {name: write for name, write in found.items() if write}
    brought = {name: bound.effective_value for name, bound in compiled.binds.items() if not bound.required}
    return Prepared(
        text=str(compiled),
        names=tuple(compiled.positiontup or compiled.binds),
        fixed={name: writes[name](value) if name in writes else value for name, value in brought.items()},
        writes=writes,
        by_place=compiled.positional,
    )


def _written(values: list[Any], write: Write | None) -> list[Any]:
    """Write the values of one column; the same moment or state in many rows is written once."""
    if write is None:
        return values
    try:
        known = {value: write(value) for value in set(values)}
    except TypeError:
        return [write(value) for value in values]
    return [known[value] for value in values]
