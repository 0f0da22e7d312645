"""When each source of patients' status last spoke to each clinic."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class StatusFeedRow(Base):
    """One source of one clinic."""

    __tablename__ = "status_feed"
    __table_args__ = (of_a_clinic(),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    source: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entries: Mapped[int]
