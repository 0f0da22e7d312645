"""Which care packages a clinic has chosen to run, and under which agreement."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class ClinicPackageRow(Base):
    """One opt-in."""

    __tablename__ = "clinic_package"
    __table_args__ = (of_a_clinic(),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    package: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    programme: Mapped[str] = mapped_column(String(CODE_LENGTH))
    channel: Mapped[str] = mapped_column(String(CODE_LENGTH))
    plan_target: Mapped[str] = mapped_column(String(CODE_LENGTH))
    agreement: Mapped[str] = mapped_column(String(200))
    opted_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opted_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
