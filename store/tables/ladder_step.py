"""Ladders: through which channels a clinic's patients of a package are asked, one after another."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH


class LadderStepRow(Base):
    """One step."""

    __tablename__ = "ladder_step"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "package"], ["clinic_package.clinic_id", "clinic_package.package"]),
        UniqueConstraint("clinic_id", "package", "channel"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("wait_days >= 1", name="wait_days"),
    )

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    package: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(CODE_LENGTH))
    wait_days: Mapped[int | None]
