"""Processor agreements: without a standing one nothing of a clinic leaves the house."""

from datetime import date, datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import TenantRow, of_a_clinic
from store.types import UtcDateTime

STANDING = text("ended_at IS NULL")


class ProcessorAgreementRow(TenantRow):
    """One signed agreement between a clinic, which is the controller, and the operator, who is the processor."""

    __tablename__ = "processor_agreement"
    __table_args__ = (
        of_a_clinic(),
        Index(
            "uq_processor_agreement_standing",
            "clinic_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    reference: Mapped[str] = mapped_column(String(200))
    signed_on: Mapped[date]
    signed_by: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
