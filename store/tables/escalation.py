"""Red suggestions that nobody has decided on yet: what is watched until a decision."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime

OPEN = text("closed_at IS NULL")
TO_LOOK_AT = text("look_at IS NOT NULL")


class EscalationRow(TenantRow):
    """One red of one enrolment, from the first red suggestion to the next decision; at most one is open."""

    __tablename__ = "escalation"
    __table_args__ = (
        belongs_to("enrolment", "enrolment_id"),
        belongs_to("suggestion", "suggestion_id"),
        Index("uq_escalation_open", "clinic_id", "enrolment_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_escalation_look_at", "look_at", sqlite_where=TO_LOOK_AT, postgresql_where=TO_LOOK_AT),
    )

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    suggestion_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
