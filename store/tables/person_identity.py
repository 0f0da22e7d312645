"""By which sign-in a member of the staff is known: what the broker calls a person is kept as a keyed index alone."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.base import ID_LENGTH, Base, belongs_to


class PersonIdentityRow(Base):
    """One way in which a person signs in at one clinic."""

    __tablename__ = "person_identity"
    __table_args__ = (belongs_to("person", "person_id"),)

    clinic_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    subject_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(ID_LENGTH))
