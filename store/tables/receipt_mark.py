"""How far the receipts of each channel were fetched; of the deployment, not of one clinic."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base
from store.types import CODE_LENGTH, UtcDateTime


class ReceiptMarkRow(Base):
    """The place up to which a channel's receipts are stored here."""

    __tablename__ = "receipt_mark"

    channel: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    mark: Mapped[str] = mapped_column(String(200))
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime)
