"""What a clinic has chosen for its red suggestions: a person, and a limit."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, belongs_to, of_a_clinic


class ClinicEscalationRow(Base):
    """The choice of one clinic."""

    __tablename__ = "clinic_escalation"
    __table_args__ = (
        of_a_clinic(),
        belongs_to("person", "person_id"),
        CheckConstraint("decided_minutes > 0", name="decided_minutes"),
    )

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    decided_minutes: Mapped[int | None]
