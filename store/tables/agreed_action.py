"""Actions agreed with a decision: each lives on until it is done or dropped."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scoring.actions import ActionState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of


class AgreedActionRow(TenantRow):
    """One agreed action."""

    __tablename__ = "agreed_action"
    __table_args__ = (
        belongs_to("enrolment", "enrolment_id"),
        belongs_to("decision", "decision_id"),
        Index(None, "clinic_id", "enrolment_id"),
        Index(None, "clinic_id", "decision_id"),
    )

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    decision_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    due: Mapped[date | None]
    note_enc: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[ActionState] = mapped_column(one_of(ActionState, check="state"))
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
