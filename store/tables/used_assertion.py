"""Assertions that were used: each id of a client counts once, and the key of this table is what says so."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, belongs_to
from store.types import UtcDateTime


class UsedAssertionRow(Base):
    """One used assertion, kept until it would be refused for its age."""

    __tablename__ = "used_assertion"
    __table_args__ = (belongs_to("oauth_client", "client_id"),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    jti_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
