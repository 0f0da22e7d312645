"""The staff of a clinic."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from security.actor import Role
from store.base import TenantRow, of_a_clinic
from store.types import one_of


class PersonRow(TenantRow):
    """One member of the staff."""

    __tablename__ = "person"
    __table_args__ = (of_a_clinic(),)

    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(one_of(Role))
