"""Approvals: who found an exact content file good."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH, UtcDateTime


class ContentApprovalRow(Base):
    """One person's approval of one exact file."""

    __tablename__ = "content_approval"
    __table_args__ = (UniqueConstraint("content_id", "version", "sha256", "person"),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    content_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    version: Mapped[str] = mapped_column(String(CODE_LENGTH))
    sha256: Mapped[str] = mapped_column(String(64))
    person: Mapped[str] = mapped_column(String(200))
    approved_by: Mapped[str] = mapped_column(String(200))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
