"""How often the deployment's content has changed: the one number that every process looks at."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base


class ContentRevisionRow(Base):
    """One row at most; none means that nothing was ever approved or imported."""

    __tablename__ = "content_revision"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
