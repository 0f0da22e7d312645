"""Who looks after the patients of a colleague who is away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime


class StandInRow(TenantRow):
    """One stay away: from a day to a day, both included, unless it is ended before."""

    __tablename__ = "stand_in"
    __table_args__ = (
        belongs_to("person", "person_id"),
        belongs_to("person", "stands_in_id"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("person_id <> stands_in_id", name="other"),
        Index(None, "clinic_id", "stands_in_id", "last_day"),
    )

    person_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    stands_in_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    first_day: Mapped[date]
    last_day: Mapped[date]
    set_by: Mapped[str] = mapped_column(String(100))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
