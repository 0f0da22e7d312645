"""Scores that stood before a response was scored again: what was known then is never lost."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, ExactNumber, UtcDateTime


class ScoreHistoryRow(TenantRow):
    """One earlier score, as it stood under `score_row_id` until `replaced_at`."""

    __tablename__ = "score_history"
    __table_args__ = (
        belongs_to("response", "response_id"),
        Index(None, "clinic_id", "response_id"),
    )

    score_row_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    response_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    score_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    value: Mapped[Fraction | None] = mapped_column(ExactNumber)
    display: Mapped[str | None] = mapped_column(String(CODE_LENGTH))
    band: Mapped[str | None] = mapped_column(String(CODE_LENGTH))
    estimated: Mapped[bool]
    answered: Mapped[int]
    missing: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(CODE_LENGTH))
    rule_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    rule_version: Mapped[str] = mapped_column(String(CODE_LENGTH))
    rule_sha256: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    rescored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
