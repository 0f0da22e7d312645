"""The worklist's rows: what of an enrolment waits for somebody, kept by the transactions that change it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime

WAITS = text("due_day IS NOT NULL")
WISHED = text("wished_at IS NOT NULL")
UNANSWERED = text("unanswered_at IS NOT NULL")
UNDELIVERED = text("undelivered_at IS NOT NULL")
POSTPONED = text("postponed_until IS NOT NULL")


class WorkRow(TenantRow):
    """What waits in one enrolment, whose id it has; an enrolment in which nothing ever happened has no row."""

    __tablename__ = "work"
    __table_args__ = (
        belongs_to("enrolment", "id"),
        belongs_to("patient", "patient_ref"),
        CheckConstraint("waits = (due_day IS NOT NULL)", name="due"),
        CheckConstraint("(postponed_until IS NULL) OR (postponement_id IS NOT NULL)", name="postponed"),
        Index(None, "clinic_id", "patient_ref"),
        Index(
            "ix_work_due",
            *("clinic_id", "tier", "due_day", "place", "step", "answered_at", "id"),
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index(
            "ix_work_colour",
            *("clinic_id", "place", "step", "answered_at", "id"),
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index("ix_work_answered", "clinic_id", "answered_at", "id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_work_wished", "clinic_id", "wished_at", "id", sqlite_where=WISHED, postgresql_where=WISHED),
        Index(
            "ix_work_unanswered",
            *("clinic_id", "unanswered_at", "id"),
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
        Index(
            "ix_work_undelivered",
            *("clinic_id", "undelivered_at", "id"),
            sqlite_where=UNDELIVERED,
            postgresql_where=UNDELIVERED,
        ),
        Index(
            "ix_work_postponed",
            *("clinic_id", "postponed_until", "id"),
            sqlite_where=POSTPONED,
            postgresql_where=POSTPONED,
        ),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    package: Mapped[str] = mapped_column(String(CODE_LENGTH))
    suggestion_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    occasion_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    waits: Mapped[bool] = mapped_column(server_default=false())
    tier: Mapped[int]
    due_day: Mapped[date | None]
    place: Mapped[int]
    step: Mapped[int]
    worse: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    level: Mapped[int | None]
    decided_place: Mapped[int | None]
    known_place: Mapped[int]
    alerted_by: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    wished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unanswered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undelivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    postponed_until: Mapped[date | None]
    expected_place: Mapped[int | None]
    postponement_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    assigned_to: Mapped[str | None] = mapped_column(String(ID_LENGTH))
