"""Imported wording: the owners' texts, which hold no person and are kept in the clear."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base
from store.types import CODE_LENGTH, UtcDateTime


class WordingRow(Base):
    """All texts of one questionnaire version in one language; the newest of a language counts."""

    __tablename__ = "wording"
    __table_args__ = (ForeignKeyConstraint(["licence_id"], ["licence_record.id"]),)

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    licence_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    questionnaire: Mapped[str] = mapped_column(String(255))
    language: Mapped[str] = mapped_column(String(CODE_LENGTH))
    sha256: Mapped[str] = mapped_column(String(64))
    texts: Mapped[list[Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
