"""Audit events: rows written in the transaction they describe, sealed by links of `audit_chain` later."""

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from security.actor import Role
from store.base import TenantRow, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime, one_of


class AuditEventRow(TenantRow):
    """Who did what to whose data, and why."""

    __tablename__ = "audit_event"
    __table_args__ = (
        of_a_clinic(),
        Index(None, "clinic_id", "at"),
        Index(None, "clinic_id", "entity"),
    )

    at: Mapped[datetime] = mapped_column(UtcDateTime)
    role: Mapped[Role] = mapped_column(one_of(Role))
    actor_id: Mapped[str] = mapped_column(String(100))
    on_behalf_of: Mapped[str | None] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(CODE_LENGTH))
    entity: Mapped[str] = mapped_column(String(200))
    patients: Mapped[list[str]] = mapped_column(JSON)
    purpose: Mapped[str] = mapped_column(String(CODE_LENGTH))
