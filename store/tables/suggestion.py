"""Suggestions: never overwritten; each keeps its rows, inputs and the exact table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scoring.levels import Colour, Urgency
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of

FIRST = text("n = 1")


class SuggestionRow(TenantRow):
    """One suggestion for one enrolment at one occasion."""

    __tablename__ = "suggestion"
    __table_args__ = (
        belongs_to("enrolment", "enrolment_id"),
        belongs_to("occasion", "occasion_id"),
        UniqueConstraint("clinic_id", "occasion_id", "enrolment_id", "n"),
        CheckConstraint("n >= 1", name="n"),
        Index(None, "clinic_id", "enrolment_id", "made_at"),
        Index("ix_suggestion_first", "clinic_id", "made_at", sqlite_where=FIRST, postgresql_where=FIRST),
    )

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    occasion_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    n: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    complete: Mapped[bool]
    colour: Mapped[Colour] = mapped_column(one_of(Colour, check="colour"))
    urgency: Mapped[Urgency] = mapped_column(one_of(Urgency))
    alert: Mapped[dict[str, Any]] = mapped_column(JSON)
    needs: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    table_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    table_version: Mapped[str] = mapped_column(String(CODE_LENGTH))
    table_sha256: Mapped[str] = mapped_column(String(64))
    made_with: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
