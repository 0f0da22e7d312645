"""Cuts of a clinic's audit: up to which link rows whose time was over were removed; never changed, never removed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import UtcDateTime


class AuditCutRow(Base):
    """One cut; the links stay, and the hash of the last one says which chain it was."""

    __tablename__ = "audit_cut"
    __table_args__ = (of_a_clinic(), CheckConstraint("seq >= 1", name="seq"))

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    before: Mapped[datetime] = mapped_column(UtcDateTime)
    cut_at: Mapped[datetime] = mapped_column(UtcDateTime)
