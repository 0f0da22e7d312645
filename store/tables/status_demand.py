"""How old each source of patients' status may be at each clinic, and until when what it said last is fresh."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class StatusDemandRow(Base):
    """One demand of one clinic on one source; `fresh_until` is empty where the source never spoke."""

    __tablename__ = "status_demand"
    __table_args__ = (of_a_clinic(), CheckConstraint("max_age_h >= 1", name="max_age"))

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    source: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    max_age_h: Mapped[int]
    fresh_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
