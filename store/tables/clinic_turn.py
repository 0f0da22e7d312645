"""Whose turn it is at a receiver for which clinics wait."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class ClinicTurnRow(Base):
    """When a clinic last had its turn at a receiver, where clinics wait for each other."""

    __tablename__ = "clinic_turn"
    __table_args__ = (of_a_clinic(),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    target: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    served_at: Mapped[datetime] = mapped_column(UtcDateTime)
