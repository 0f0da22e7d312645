"""Column types: moments that are always aware UTC, enumerations as their values, exact numbers as text."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Enum, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from scoring.number import Number, read_number

CODE_LENGTH = 40


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


def one_of(kind: type[StrEnum], *, check: str | None = None) -> Enum:
    """Make the type of a column that holds the values of an enumeration as text.

    Args:
        check: name of a CHECK constraint that the database enforces too; None for lists that grow with each release,
            because SQLite rebuilds a table to change a CHECK.
    """
    return Enum(
        kind,
        name=check,
        native_enum=False,
        create_constraint=check is not None,
        length=CODE_LENGTH,
        values_callable=lambda members: [member.value for member in members],
    )
