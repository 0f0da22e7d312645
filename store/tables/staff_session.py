"""Who of the staff is signed in: a row each, so that a session ends when it is ended, whatever a cookie says."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, belongs_to
from store.types import UtcDateTime


class StaffSessionRow(Base):
    """One session, by the hash of its token."""

    __tablename__ = "staff_session"
    __table_args__ = (
        belongs_to("person", "person_id"),
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("token_hash"),
        Index(None, "opened_at"),
        Index(None, "clinic_id", "patient_ref"),
    )

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    patient_ref: Mapped[str | None] = mapped_column(String(ID_LENGTH))
