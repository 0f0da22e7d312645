"""Licence records of the deployment: what was agreed with the owners of instruments."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH, UtcDateTime


class LicenceRecordRow(Base):
    """One grant for one instrument, version and language; never changed, a later one takes its place."""

    __tablename__ = "licence_record"
    __table_args__ = (CheckConstraint("expires_on IS NULL OR granted_on <= expires_on", name="days"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    instrument: Mapped[str] = mapped_column(String(CODE_LENGTH))
    version: Mapped[str] = mapped_column(String(CODE_LENGTH))
    language: Mapped[str] = mapped_column(String(CODE_LENGTH))
    holder: Mapped[str] = mapped_column(String(200))
    grant: Mapped[str] = mapped_column(String(200))
    granted_on: Mapped[date]
    expires_on: Mapped[date | None]
    terms: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
