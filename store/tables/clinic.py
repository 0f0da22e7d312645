"""Clinics: the tenants, each with a data key of its own for what belongs to no patient yet."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH, UtcDateTime


class ClinicRow(Base):
    """One clinic."""

    __tablename__ = "clinic"
    __table_args__ = (
        UniqueConstraint("sor_id"),
        CheckConstraint("0 <= window_opens AND window_opens < window_closes AND window_closes <= 1440", name="window"),
    )

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    sor_id: Mapped[str] = mapped_column(String(20))
    provider_number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(CODE_LENGTH))
    window_opens: Mapped[int]
    window_closes: Mapped[int]
    window_weekdays: Mapped[str] = mapped_column(String(7))
    window_on_holidays: Mapped[bool]
    window_on_optional_days: Mapped[bool] = mapped_column(server_default=false())
    key_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
