"""The chain of each clinic: links that seal audit rows and scores; never changed, never removed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import CODE_LENGTH, UtcDateTime


class AuditChainRow(Base):
    """One link."""

    __tablename__ = "audit_chain"
    __table_args__ = (
        of_a_clinic(),
        CheckConstraint("seq >= 1", name="seq"),
        Index(None, "clinic_id", "kind", "row_id"),
    )

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(CODE_LENGTH))
    row_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    row_sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hash: Mapped[str] = mapped_column(String(64))
