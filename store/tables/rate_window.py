"""Calls that were counted: one row per door, caller and window, shared by all web processes."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.types import UtcDateTime


class RateWindowRow(Base):
    """How often one caller knocked at one door in one window of time; gone when the window is over."""

    __tablename__ = "rate_window"
    __table_args__ = (Index(None, "ends_at"),)

    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    calls: Mapped[int]
