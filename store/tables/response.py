"""Responses: the submitted bytes sealed, the coded answers clear under the pseudonym, one current per request."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime

CURRENT = text("is_current")


class ResponseRow(TenantRow):
    """One accepted response; an amendment is a new row with the next version."""

    __tablename__ = "response"
    __table_args__ = (
        belongs_to("request", "request_id"),
        belongs_to("patient", "patient_ref"),
        UniqueConstraint("clinic_id", "request_id", "version"),
        CheckConstraint("version >= 1", name="version"),
        Index(
            "uq_response_current",
            "clinic_id",
            "request_id",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index(None, "clinic_id", "patient_ref", "received_at"),
    )

    request_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    questionnaire: Mapped[str] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(CODE_LENGTH))
    authored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    via: Mapped[str] = mapped_column(String(CODE_LENGTH))
    sha256: Mapped[str] = mapped_column(String(64))
    body_enc: Mapped[bytes] = mapped_column(LargeBinary)
    vector: Mapped[dict[str, Any]] = mapped_column(JSON)
    version: Mapped[int]
    is_current: Mapped[bool]
    definition_sha256: Mapped[str | None] = mapped_column(String(64))
    wording: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
