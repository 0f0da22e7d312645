"""Decisions that the clinic lets the patient read of, in gentle words."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime


class ReleasedDecisionRow(TenantRow):
    """That one decision may be read of by its patient."""

    __tablename__ = "released_decision"
    __table_args__ = (belongs_to("decision", "decision_id"), UniqueConstraint("clinic_id", "decision_id"))

    decision_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
