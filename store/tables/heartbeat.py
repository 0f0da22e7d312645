"""Signs of life of the workers."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.types import UtcDateTime


class HeartbeatRow(Base):
    """When a worker was last seen."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
