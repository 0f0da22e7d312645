"""Alerts: one per patient and event, so that whoever is alerted has reason to look."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from delivery.worklist import AlertKind
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import UtcDateTime, one_of


class AlertRow(TenantRow):
    """That somebody was to look at a patient because of what came in one occasion."""

    __tablename__ = "alert"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        belongs_to("occasion", "occasion_id"),
        belongs_to("enrolment", "enrolment_id"),
        UniqueConstraint("clinic_id", "occasion_id", "kind"),
        Index(None, "clinic_id", "enrolment_id"),
        Index(None, "clinic_id", "raised_at"),
    )

    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    occasion_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    enrolment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    kind: Mapped[AlertKind] = mapped_column(one_of(AlertKind))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
