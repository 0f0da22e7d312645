"""Column types: moments that are always aware UTC, enumerations as their values, exact numbers as text."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Enum, String, literal_column
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.operators import OperatorType, eq, in_op
from sqlalchemy.types import TypeDecorator

from scoring.number import Number, read_number

CODE_LENGTH = 40
PLAIN_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: naive ones are refused, all others are kept and given back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a moment without time zone; bring every other to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without time zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back in UTC; SQLite forgets the zone, PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactNumber(TypeDecorator[Number]):
    """An exact number as text such as `160/7`, the same on every database."""

    impl = String(80)
    cache_ok = True

    def process_bind_param(self, value: Number | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write the number as integer or fraction."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Number | None:  # noqa: ARG002
        """Read the number back, exactly."""
        return None if value is None else read_number(value)


class OneOf(Enum):
    """An enumeration as text; members that a column is compared with are written out in the statement.

    As parameters they would hide from PostgreSQL which partial index serves a statement that it plans once for all
    values: a claim among 20,000 messages then took 70 ms, and takes 2.
    """

    cache_ok = True

    class Comparator(Enum.Comparator):
        """Writes members out."""

        def operate(self, op: OperatorType, *other: Any, **options: Any) -> ColumnElement[Any]:
            """Compare with members, or with anything else as every column does."""
            written = [_written(one) for one in other]
            if op is in_op and isinstance(written[0], list) and len(written[0]) == 1:
                # SQLite does not see that a list of one word is that word, and leaves the index alone.
                op, written = eq, written[0]
            return super().operate(op, *written, **options)

    comparator_factory = Comparator


def one_of(kind: type[StrEnum], *, check: str | None = None) -> OneOf:
    """Make the type of a column that holds the values of an enumeration as text.

    Args:
        check: name of a CHECK constraint that the database enforces too; None for lists that grow with each release,
            because SQLite rebuilds a table to change a CHECK.

    Raises:
        ValueError: a value is no plain code, so it cannot stand in a statement as it is.
    """
    if odd := [member.value for member in kind if not PLAIN_CODE.fullmatch(member.value)]:
        raise ValueError(f"{kind.__name__} has values that are no plain codes: {', '.join(odd)}.")
    return OneOf(
        kind,
        name=check,
        native_enum=False,
        create_constraint=check is not None,
        length=CODE_LENGTH,
        values_callable=lambda members: [member.value for member in members],
    )


def _written(operand: object) -> object:
    """Write out a member, or each of several in the order of their enumeration, as the indexes name them too."""
    if isinstance(operand, StrEnum):
        return literal_column(f"'{operand.value}'")
    if isinstance(operand, Collection) and not isinstance(operand, str):
        members = [one for one in operand if isinstance(one, StrEnum)]
        if members and len(members) == len(operand):
            return [_written(one) for one in type(members[0]) if one in members]
    return operand
