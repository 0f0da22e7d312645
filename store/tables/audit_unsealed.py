"""Rows that are committed and wait for the chain: the database itself adds one when a row to be sealed is added."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, of_a_clinic
from store.types import CODE_LENGTH


class AuditUnsealedRow(Base):
    """One row that waits; `mark` tells apart a row that came twice, such as a score that was scored again."""

    __tablename__ = "audit_unsealed"
    __table_args__ = (of_a_clinic(),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    kind: Mapped[str] = mapped_column(String(CODE_LENGTH), primary_key=True)
    row_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    mark: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
