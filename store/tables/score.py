"""Scores: exact, and each with the very rule that gave it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scoring.number import Number
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, ExactNumber, UtcDateTime


class ScoredRow(TenantRow):
    """What is kept of one score, now or from before."""

    __abstract__ = True

    response_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    score_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    value: Mapped[Number | None] = mapped_column(ExactNumber)
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


class ScoreRow(ScoredRow):
    """One score of one response by the rule that counts now; `id` is the FHIR id of its Observation, and stays."""

    __tablename__ = "score"
    __table_args__ = (
        belongs_to("response", "response_id"),
        UniqueConstraint("clinic_id", "response_id", "score_id", "rule_version"),
        CheckConstraint("answered >= 0 AND missing >= 0", name="counts"),
    )
