"""Bearer tokens, by their hash alone: the database never holds one that opens anything."""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from security.actor import Role
from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import UtcDateTime, one_of


class AccessTokenRow(Base):
    """One token and the actor whom it stands for."""

    __tablename__ = "access_token"
    __table_args__ = (of_a_clinic(), UniqueConstraint("token_hash"), Index(None, "expires_at"))

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role))
    actor_id: Mapped[str] = mapped_column(String(100))
    display: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(String(100))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scopes: Mapped[str | None] = mapped_column(Text)
