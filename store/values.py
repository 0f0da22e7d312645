"""Between rows and values: columns are named like the fields of the value that they hold."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, cast

from store.scope import Found

V = TypeVar("V")
IN_AT_ONCE = 500
"""Values in one IN list: databases limit the parameters of a statement."""


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cast(type[Any], kind)))


@cache
def _getter(kind: Hashable) -> Callable[[Any], tuple[Any, ...]]:
    """Make what takes all fields at once; a value has at least two."""
    return attrgetter(*_names(kind))


def names_of(kind: type[object]) -> tuple[str, ...]:
    """Return the field names of a dataclass; asked for each row, so they are remembered."""
    return _names(cast(Hashable, kind))


def to_value(kind: type[V], row: Found, **others: Any) -> V:
    """Make a value of a row.

    Args:
        others: fields that the row does not hold as they stand.
    """
    if not others:
        return kind(*_getter(cast(Hashable, kind))(row))
    taken = {name: getattr(row, name) for name in names_of(kind) if name not in others}
    return kind(**taken, **others)


def to_values(kind: type[V], rows: Sequence[Found], **reads: Callable[[Any], Any]) -> tuple[V, ...]:
    """Make a value of each row of one query; where the columns stand is found out once.

    Args:
        reads: field -> what makes it of its column, where the column does not hold it as it stands.
    """
    if not rows:
        return ()
    names, columns = names_of(kind), rows[0]._fields
    take = itemgetter(*(columns.index(name) for name in names))
    if not reads:
        return tuple(kind(*take(row)) for row in rows)
    read = [reads.get(name, _as_it_stands) for name in names]
    return tuple(kind(*(of(value) for of, value in zip(read, take(row), strict=True))) for row in rows)


def _as_it_stands(value: Any) -> Any:
    return value


def to_columns(value: Any, *, without: frozenset[str] = frozenset()) -> Mapping[str, Any]:
    """Make the columns of a value's row, shallowly."""
    kind = cast(Hashable, type(value))
    columns = dict(zip(_names(kind), _getter(kind)(value), strict=True))
    for name in without:
        columns.pop(name, None)
    return columns


def batched(values: Sequence[V], size: int = IN_AT_ONCE) -> Iterator[Sequence[V]]:
    """Cut a sequence into pieces that fit into one statement."""
    return (values[start : start + size] for start in range(0, len(values), size))
