"""Launches: a practice system opens one patient's page for one of the staff; each step counts once."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from security.launch import LaunchState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class LaunchRow(TenantRow):
    """One launch; launch token, code and browser are known by their hashes alone."""

    __tablename__ = "launch"
    __table_args__ = (
        belongs_to("oauth_client", "client_id"),
        belongs_to("person", "person_id"),
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("token_hash"),
        UniqueConstraint("code_hash"),
        UniqueConstraint("browser_hash"),
        Index(None, "clinic_id", "expires_at"),
        Index(None, "clinic_id", "patient_ref"),
    )

    client_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    state: Mapped[LaunchState] = mapped_column(one_of(LaunchState, check="state"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    token_hash: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str | None] = mapped_column(String(64))
    challenge: Mapped[str | None] = mapped_column(String(64))
    browser_hash: Mapped[str | None] = mapped_column(String(64))
