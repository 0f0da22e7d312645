"""Public keys of clients: the database holds nothing by which one could sign in as them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, belongs_to
from store.types import UtcDateTime


class ClientKeyRow(Base):
    """One key; a replaced one counts until its time has come, so that nobody is locked out meanwhile."""

    __tablename__ = "client_key"
    __table_args__ = (belongs_to("oauth_client", "client_id"),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    kid: Mapped[str] = mapped_column(String(100), primary_key=True)
    jwk: Mapped[dict[str, Any]] = mapped_column(JSON)
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
