"""What the worklist remembers: what waits, who is put off, who looks after whom, alerts, appointments."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0022_worklist"
down_revision = "0021_afterwards"
branch_labels = None
depends_on = None

AT_A_TIME = 500
DANISH_TIME = ZoneInfo("Europe/Copenhagen")
PLACES = {"RED": 0, "YELLOW": 1, "UNKNOWN": 2, "GREEN": 3}
DUE_DAYS = {"within-1-week": 7, "within-2-weeks": 14, "planned-4-weeks": 28, "routine": 42}
"""As delivery/worklist-1.0.0.json has them; for what waits already."""
INDEXES = (
    ("ix_work_due", ("tier", "due_day", "place", "answered_at"), "due_day IS NOT NULL"),
    ("ix_work_colour", ("place", "step", "answered_at"), "due_day IS NOT NULL"),
    ("ix_work_answered", ("answered_at",), "due_day IS NOT NULL"),
    ("ix_work_wished", ("wished_at",), "wished_at IS NOT NULL"),
    ("ix_work_unanswered", ("unanswered_at",), "unanswered_at IS NOT NULL"),
    ("ix_work_undelivered", ("undelivered_at",), "undelivered_at IS NOT NULL"),
    ("ix_work_postponed", ("postponed_until",), "postponed_until IS NOT NULL"),
)
TEXTS = ("clinic_id", "id", "patient_ref", "package", "suggestion_id", "occasion_id")
NUMBERS = ("tier", "place", "step", "level", "decided_place", "known_place")
MOMENTS = ("answered_at", "wished_at", "unanswered_at")
WORK = sa.table(
    "work",
    *(sa.column(name, sa.String()) for name in TEXTS),
    *(sa.column(name, sa.Integer()) for name in NUMBERS),
    sa.column("waits", sa.Boolean()),
    sa.column("due_day", sa.Date()),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in MOMENTS),
)
STANDING = sa.text(
    """
    SELECT e.clinic_id, e.id, e.patient_ref, e.package, e.enrolled_at, s.id AS suggestion_id, s.occasion_id, s.made_at,
           s.colour, s.urgency, s.needs, d.suggestion_id AS decided_on, d.colour AS decided, d.level, d.decided_at,
           o.id AS newest_id, o.state, o.expires_at, o.contact_wished_at
    FROM enrolment e
    LEFT JOIN (SELECT s.*, row_number() OVER (
                   PARTITION BY s.clinic_id, s.enrolment_id ORDER BY x.opened_at DESC, s.n DESC) AS nth
               FROM suggestion s JOIN occasion x ON x.clinic_id = s.clinic_id AND x.id = s.occasion_id) s
        ON s.clinic_id = e.clinic_id AND s.enrolment_id = e.id AND s.nth = 1
    LEFT JOIN (SELECT d.*, row_number() OVER (
                   PARTITION BY d.clinic_id, d.enrolment_id ORDER BY d.decided_at DESC, d.id DESC) AS nth
               FROM decision d) d
        ON d.clinic_id = e.clinic_id AND d.enrolment_id = e.id AND d.nth = 1
    LEFT JOIN (SELECT o.*, row_number() OVER (
                   PARTITION BY o.clinic_id, o.patient_ref ORDER BY o.opened_at DESC, o.id DESC) AS nth
               FROM occasion o) o
        ON o.clinic_id = e.clinic_id AND o.patient_ref = e.patient_ref AND o.nth = 1
    WHERE e.state <> 'ended' AND (s.id IS NOT NULL OR o.state = 'expired' OR o.contact_wished_at IS NOT NULL)
    """
).columns(
    **{name: sa.DateTime(timezone=True) for name in ("enrolled_at", "made_at", "decided_at", "expires_at")},
    contact_wished_at=sa.DateTime(timezone=True),
    needs=sa.JSON(),
)


def upgrade() -> None:
    """Keep the worklist in rows of its own, and fill them from what stands."""
    _create_work()
    _create_others()
    bind = op.get_bind()
    standing = bind.execute(STANDING)
    while rows := standing.fetchmany(AT_A_TIME):
        bind.execute(WORK.insert(), [_row(row) for row in rows])


def downgrade() -> None:
    """Forget who was put off, assigned, alerted and expected; the list is made of answers and decisions again."""
    for table in ("alert", "appointment", "stand_in", "postponement", "work"):
        op.drop_table(table)


def _row(row: Any) -> Mapping[str, Any]:
    waits = row.suggestion_id is not None and row.decided_on != row.suggestion_id
    place = PLACES[row.colour] if row.colour else PLACES["GREEN"]
    decided = PLACES[row.decided] if row.decided else None
    after = 3 if decided is None else max(decided, 1)
    is_unanswered = row.state == "expired" and row.occasion_id != row.newest_id and not waits
    wished, decided_at = _utc(row.contact_wished_at), _utc(row.decided_at)
    return {
        **{name: getattr(row, name) for name in ("clinic_id", "id", "patient_ref", "package")},
        **{name: getattr(row, name) for name in ("suggestion_id", "occasion_id")},
        "waits": waits,
        "tier": 0 if waits and row.urgency == "emergency" else 1,
        "due_day": _danish(row.made_at) + timedelta(days=DUE_DAYS.get(row.urgency, 0)) if waits else None,
        "place": min(place, 3 if decided is None else decided) if waits else place if decided is None else decided,
        "step": 0 if waits and decided is not None and place < decided else 1,
        "answered_at": _utc(row.made_at),
        "level": row.level if row.decided else (row.needs or {}).get("level"),
        "decided_place": decided,
        "known_place": min(place, after) if waits else after,
        "wished_at": None if wished and decided_at and decided_at >= wished else wished,
        "unanswered_at": _utc(row.expires_at) if is_unanswered else None,
    }


def _utc(moment: datetime | None) -> datetime | None:
    """SQLite forgets the zone of what it keeps in UTC."""
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _danish(moment: datetime) -> date:
    return (_utc(moment) or moment).astimezone(DANISH_TIME).date()


def _create_work() -> None:
    op.create_table(
        "work",
        *_key("work"),
        *_ids("patient_ref", "package", nullable=False),
        *_ids("suggestion_id", "occasion_id"),
        sa.Column("waits", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        *_moments("answered_at"),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("level", "decided_place")),
        sa.Column("known_place", sa.Integer(), nullable=False),
        *_ids("alerted_by"),
        *_moments("wished_at", "unanswered_at", "undelivered_at"),
        sa.Column("postponed_until", sa.Date(), nullable=True),
        sa.Column("expected_place", sa.Integer(), nullable=True),
        *_ids("postponement_id", "assigned_to"),
        _belongs("work", "enrolment", "id"),
        _belongs("work", "patient", "patient_ref"),
        sa.CheckConstraint("waits = (due_day IS NOT NULL)", name=op.f("ck_work_due")),
        sa.CheckConstraint(
            "(postponed_until IS NULL) OR (postponement_id IS NOT NULL)", name=op.f("ck_work_postponed")
        ),
    )
    op.create_index(op.f("ix_work_clinic_id_patient_ref"), "work", ["clinic_id", "patient_ref"])
    for name, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, "work", ["clinic_id", *columns, "id"], sqlite_where=where, postgresql_where=where)


def _create_others() -> None:
    op.create_table(
        "postponement",
        *_key("postponement"),
        *_ids("enrolment_id", nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("expected", sa.String(length=40), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        sa.Column("set_by_name", sa.String(length=200), nullable=False),
        *_moments("set_at", nullable=False),
        *_moments("ended_at"),
        sa.Column("ended_why", sa.String(length=40), nullable=True),
        _belongs("postponement", "enrolment", "enrolment_id"),
    )
    op.create_index(op.f("ix_postponement_clinic_id_enrolment_id"), "postponement", ["clinic_id", "enrolment_id"])
    op.create_table(
        "stand_in",
        *_key("stand_in"),
        *_ids("person_id", "stands_in_id", nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in ("first_day", "last_day")),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        *_moments("set_at", nullable=False),
        *_moments("ended_at"),
        _belongs("stand_in", "person", "person_id"),
        _belongs("stand_in", "person", "stands_in_id"),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_stand_in_days")),
        sa.CheckConstraint("person_id <> stands_in_id", name=op.f("ck_stand_in_other")),
    )
    op.create_index(
        op.f("ix_stand_in_clinic_id_stands_in_id_last_day"), "stand_in", ["clinic_id", "stands_in_id", "last_day"]
    )
    _create_appointment()
    _create_alert()


def _create_appointment() -> None:
    op.create_table(
        "appointment",
        *_key("appointment"),
        *_ids("patient_ref", nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        *_moments("starts_at", nullable=False),
        _belongs("appointment", "patient", "patient_ref"),
        sa.UniqueConstraint(
            *("clinic_id", "patient_ref", "source", "starts_at"),
            name=op.f("uq_appointment_clinic_id_patient_ref_source_starts_at"),
        ),
    )
    op.create_index(
        op.f("ix_appointment_clinic_id_starts_at_patient_ref"), "appointment", ["clinic_id", "starts_at", "patient_ref"]
    )


def _create_alert() -> None:
    op.create_table(
        "alert",
        *_key("alert"),
        *_ids("patient_ref", "occasion_id", "enrolment_id", nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        *_moments("raised_at", nullable=False),
        *_moments("acted_at"),
        _belongs("alert", "patient", "patient_ref"),
        _belongs("alert", "occasion", "occasion_id"),
        _belongs("alert", "enrolment", "enrolment_id"),
        sa.UniqueConstraint("clinic_id", "occasion_id", "kind", name=op.f("uq_alert_clinic_id_occasion_id_kind")),
    )
    op.create_index(op.f("ix_alert_clinic_id_enrolment_id"), "alert", ["clinic_id", "enrolment_id"])
    op.create_index(op.f("ix_alert_clinic_id_raised_at"), "alert", ["clinic_id", "raised_at"])


def _key(table: str) -> tuple[sa.Column[str] | sa.PrimaryKeyConstraint, ...]:
    return (
        *_ids("clinic_id", "id", nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f(f"pk_{table}")),
    )


def _ids(*names: str, nullable: bool = True) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.String(length=40 if name == "package" else 36), nullable=nullable) for name in names)


def _moments(*names: str, nullable: bool = True) -> Iterator[sa.Column[datetime]]:
    return (sa.Column(name, sa.DateTime(timezone=True), nullable=nullable) for name in names)


def _belongs(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    columns = [f"{other}.clinic_id", f"{other}.id"]
    return sa.ForeignKeyConstraint(["clinic_id", column], columns, name=op.f(f"fk_{table}_clinic_id_{column}"))
