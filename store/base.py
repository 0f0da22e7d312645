"""The base of all table classes: one metadata, one naming convention, the clinic in every key."""

from typing import cast

from sqlalchemy import ForeignKeyConstraint, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ID_LENGTH = 36


class Base(DeclarativeBase):
    """Every table class of this service inherits from it."""

    metadata = MetaData(naming_convention=NAMES)


class TenantRow(Base):
    """A row of one clinic: the clinic is the first half of the key, so that rows of two clinics cannot link."""

    __abstract__ = True

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, sort_order=-2)
    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, sort_order=-1)


def belongs_to(table: str, column: str) -> ForeignKeyConstraint:
    """Make the foreign key of `column`, which carries the clinic too."""
    return ForeignKeyConstraint(["clinic_id", column], [f"{table}.clinic_id", f"{table}.id"])


def of_a_clinic() -> ForeignKeyConstraint:
    """Make the foreign key of a row that hangs on its clinic alone."""
    return ForeignKeyConstraint(["clinic_id"], ["clinic.id"])


def table_of(row: type[Base]) -> Table:
    """Return the Core table of a table class; repositories write Core statements."""
    return cast(Table, row.__table__)
