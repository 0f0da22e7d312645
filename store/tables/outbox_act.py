"""What people did to single messages of the outbox, and why."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from delivery.backlog import Act
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class OutboxActRow(TenantRow):
    """One act of one person on one message; the reason may name somebody and is sealed."""

    __tablename__ = "outbox_act"
    __table_args__ = (belongs_to("outbox", "message_id"), belongs_to("outbox", "renewed_as"))

    message_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    act: Mapped[Act] = mapped_column(one_of(Act))
    actor_id: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    renewed_as: Mapped[str | None] = mapped_column(String(ID_LENGTH))
