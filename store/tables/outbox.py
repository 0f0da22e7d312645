"""The outbox: everything that leaves, in lanes, with lease and fence."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from delivery.outbox import MessageKind, MessageState
from store.base import ID_LENGTH, TenantRow, belongs_to
from store.types import CODE_LENGTH, UtcDateTime, one_of

DUE = text("state = 'due'")
LEASED = text("state = 'leased'")
NOT_CANCELLED = text("state != 'cancelled'")
OPEN = text("state IN ('due', 'leased', 'in-doubt')")
STUCK = text("state IN ('in-doubt', 'dead')")
FAILING = text("state IN ('due', 'leased') AND last_error IS NOT NULL")
CLOSED = text("closed_at IS NOT NULL")
DEAD = text("state = 'dead'")


class OutboxRow(TenantRow):
    """One message; its payload is rendered when it is claimed."""

    __tablename__ = "outbox"
    __table_args__ = (
        belongs_to("patient", "patient_ref"),
        belongs_to("enrolment", "enrolment_id"),
        belongs_to("occasion", "occasion_id"),
        belongs_to("response", "response_id"),
        belongs_to("decision", "decision_id"),
        UniqueConstraint("clinic_id", "lane", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("attempts >= 0 AND fence >= 0", name="counts"),
        CheckConstraint("(state = 'leased') = (lease_owner IS NOT NULL AND lease_until IS NOT NULL)", name="lease"),
        Index("ix_outbox_due", "due_at", "id", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_outbox_target", "target", "due_at", "id", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_outbox_expires", "expires_at", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_outbox_turn", "target", "clinic_id", "due_at", "id", sqlite_where=DUE, postgresql_where=DUE),
        Index("ix_outbox_leased", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
        Index("ix_outbox_open", "lane", "clinic_id", "sequence", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_outbox_stuck", "clinic_id", "id", sqlite_where=STUCK, postgresql_where=STUCK),
        Index("ix_outbox_failing", "first_due_at", sqlite_where=FAILING, postgresql_where=FAILING),
        Index("ix_outbox_closed", "closed_at", sqlite_where=CLOSED, postgresql_where=CLOSED),
        Index("ix_outbox_dead", "clinic_id", "closed_at", sqlite_where=DEAD, postgresql_where=DEAD),
        Index(None, "clinic_id", "enrolment_id"),
        Index(None, "clinic_id", "occasion_id", "id"),
        Index(None, "id"),
        Index(
            "uq_outbox_reminder",
            "clinic_id",
            "reminds",
            "reminder_no",
            unique=True,
            sqlite_where=NOT_CANCELLED,
            postgresql_where=NOT_CANCELLED,
        ),
    )

    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind))
    lane: Mapped[str] = mapped_column(String(120))
    sequence: Mapped[int]
    target: Mapped[str] = mapped_column(String(CODE_LENGTH))
    state: Mapped[MessageState] = mapped_column(one_of(MessageState, check="state"))
    supersedes: Mapped[bool]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    fence: Mapped[int]
    lease_owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_doubt: Mapped[bool]
    provider_ref: Mapped[str | None] = mapped_column(String(200))
    last_error: Mapped[str | None] = mapped_column(String(500))
    patient_ref: Mapped[str] = mapped_column(String(ID_LENGTH))
    enrolment_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    occasion_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    response_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    decision_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    reminds: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    reminder_no: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
