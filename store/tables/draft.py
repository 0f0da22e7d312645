"""Half-filled answers, sealed, at most one draft per request."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import UtcDateTime

LONGEST_SPOT = 400
"""Characters; a linkId has 255 at most, and the turns of repeated groups are short."""


class DraftRow(Base):
    """What the patient has filled in so far."""

    __tablename__ = "draft"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "request_id"], ["request.clinic_id", "request.id"]),
        CheckConstraint("version >= 1", name="version"),
    )

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    request_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    body_enc: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun: Mapped[str | None] = mapped_column(String(LONGEST_SPOT))
