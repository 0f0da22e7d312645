"""Days on which a clinic is closed besides the public ones."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic


class ClinicClosureRow(Base):
    """One closed Danish date of one clinic."""

    __tablename__ = "clinic_closure"
    __table_args__ = (of_a_clinic(),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
