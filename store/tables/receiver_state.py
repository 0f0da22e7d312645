"""What is known of each receiver, shared by all workers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from delivery.breaker import Circuit
from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH, UtcDateTime, one_of


class ReceiverStateRow(Base):
    """One channel or plan target: its circuit and its tokens."""

    __tablename__ = "receiver_state"
    __table_args__ = (CheckConstraint("failures >= 0 AND trips >= 0", name="counts"),)

    target: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    circuit: Mapped[Circuit] = mapped_column(one_of(Circuit, check="circuit"))
    failures: Mapped[int]
    trips: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probe_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probe_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    tokens: Mapped[float]
    refilled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
