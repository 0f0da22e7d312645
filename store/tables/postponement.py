"""That somebody put a patient off for a while, with what is expected of the answers meanwhile."""

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from scoring.levels import Colour
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of


class PostponementRow(TenantRow):
    """One enrolment put off until a day; it ends on that day, earlier by a person, or broken by what came."""

    __tablename__ = "postponement"
    __table_args__ = (belongs_to("enrolment", "enrolment_id"), Index(None, "clinic_id", "enrolment_id"))

    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    until: Mapped[date]
    expected: Mapped[Colour] = mapped_column(one_of(Colour))
    reason_enc: Mapped[bytes] = mapped_column(LargeBinary)
    set_by: Mapped[str] = mapped_column(String(100))
    set_by_name: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(CODE_LENGTH))
