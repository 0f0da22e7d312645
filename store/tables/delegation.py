"""Delegations: in whose name somebody of the staff decides, on which terms and until when."""

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime

STANDS = text("ended_at IS NULL")


class DelegationRow(TenantRow):
    """One delegation from a clinician to somebody else of the staff; the last day is included."""

    __tablename__ = "delegation"
    __table_args__ = (
        belongs_to("person", "clinician_id"),
        belongs_to("person", "delegate_id"),
        Index(
            "uq_delegation_standing",
            *("clinic_id", "clinician_id", "delegate_id"),
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        ),
    )

    clinician_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    delegate_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    terms: Mapped[str] = mapped_column(String(500))
    until: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
