"""Decisions of named clinicians: a chain per enrolment that cannot fork."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from scoring.levels import Colour
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class DecisionRow(TenantRow):
    """One decision, linked to the suggestion that the clinician saw."""

    __tablename__ = "decision"
    __table_args__ = (
        belongs_to("enrolment", "enrolment_id"),
        belongs_to("suggestion", "suggestion_id"),
        belongs_to("decision", "previous_id"),
        UniqueConstraint("clinic_id", "previous_id"),
        CheckConstraint("colour IN ('GREEN', 'YELLOW', 'RED')", name="colour"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        Index(None, "clinic_id", "enrolment_id", "decided_at"),
        Index(None, "clinic_id", "suggestion_id", "decided_at"),
        Index(None, "clinic_id", "decided_at"),
    )

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    suggestion_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    colour: Mapped[Colour] = mapped_column(one_of(Colour))
    level: Mapped[int | None]
    reason_enc: Mapped[bytes] = mapped_column(LargeBinary)
    author_id: Mapped[str] = mapped_column(String(100))
    author_name: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    previous_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    dimensions: Mapped[dict[str, str]] = mapped_column(JSON, server_default=text("'{}'"))
    next_due: Mapped[date | None]
    new_episode: Mapped[bool] = mapped_column(server_default=false())
    goal_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    measurements: Mapped[dict[str, str]] = mapped_column(JSON, server_default=text("'{}'"))
