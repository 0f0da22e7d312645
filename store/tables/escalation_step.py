"""Steps of escalations: who was told, each once."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from delivery.escalation import Step, Why
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class EscalationStepRow(TenantRow):
    """That somebody was told."""

    __tablename__ = "escalation_step"
    __table_args__ = (
        belongs_to("escalation", "escalation_id"),
        belongs_to("person", "person_id"),
        UniqueConstraint("clinic_id", "escalation_id", "step"),
    )

    escalation_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    step: Mapped[Step] = mapped_column(one_of(Step))
    why: Mapped[Why] = mapped_column(one_of(Why))
    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
