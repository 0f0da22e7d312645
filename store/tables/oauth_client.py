"""Systems that sign in by themselves, each of one clinic."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from security.actor import Role
from security.client import ClientKind, ClientState
from store.base import TenantRow, of_a_clinic
from store.types import UtcDateTime, one_of


class OAuthClientRow(TenantRow):
    """One client; its id alone finds it, before a clinic is known."""

    __tablename__ = "oauth_client"
    __table_args__ = (of_a_clinic(), UniqueConstraint("id"))

    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(one_of(Role))
    kind: Mapped[ClientKind] = mapped_column(one_of(ClientKind, check="kind"))
    scopes: Mapped[str] = mapped_column(Text)
    jwks_url: Mapped[str | None] = mapped_column(Text)
    state: Mapped[ClientState] = mapped_column(one_of(ClientState, check="state"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    redirect_uri: Mapped[str | None] = mapped_column(Text)
