"""Scores that stood before a response was scored again: what was known then is never lost."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, belongs_to
from store.tables.score import ScoredRow
from store.types import UtcDateTime


class ScoreHistoryRow(ScoredRow):
    """One earlier score, as it stood under `score_row_id` until `replaced_at`."""

    __tablename__ = "score_history"
    __table_args__ = (
        belongs_to("response", "response_id"),
        Index(None, "clinic_id", "response_id"),
    )

    score_row_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
