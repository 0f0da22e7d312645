"""What a clinic has chosen about how long its data is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from delivery.retention import RetentionClass
from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import UtcDateTime, one_of


class ClinicRetentionRow(Base):
    """The choice of one clinic for one class; without a row the content file holds."""

    __tablename__ = "clinic_retention"
    __table_args__ = (of_a_clinic(), CheckConstraint("days >= 0", name="days"))

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    kind: Mapped[RetentionClass] = mapped_column(one_of(RetentionClass), primary_key=True)
    days: Mapped[int]
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
