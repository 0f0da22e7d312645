"""Declining, pausing, what was not sent, and what the patient may read of afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0021_afterwards"
down_revision = "0020_form"
branch_labels = None
depends_on = None

TO_TELL = sa.text("told_at IS NULL")
TOLD = sa.text("told_at IS NOT NULL AND handled_at IS NULL")
PAUSING = sa.text("until IS NOT NULL AND ended_at IS NULL")


def upgrade() -> None:
    """Watch unsent danger answers; keep what patients chose, and which decisions they may read of."""
    op.create_table(
        "unsent_danger",
        *_key("unsent_danger"),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tell_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("unsent_danger", "patient", "patient_ref"),
        _belongs("unsent_danger", "request", "request_id"),
        sa.UniqueConstraint("clinic_id", "request_id", name=op.f("uq_unsent_danger_clinic_id_request_id")),
    )
    _index("ix_unsent_danger_tell_at", "unsent_danger", ["tell_at"], TO_TELL)
    _index("ix_unsent_danger_told", "unsent_danger", ["clinic_id", "since"], TOLD)
    op.create_table(
        "patient_leave",
        *_key("patient_leave"),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("occasion_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("patient_leave", "occasion", "occasion_id"),
        _belongs("patient_leave", "enrolment", "enrolment_id"),
        sa.UniqueConstraint(
            "clinic_id",
            "occasion_id",
            "enrolment_id",
            name=op.f("uq_patient_leave_clinic_id_occasion_id_enrolment_id"),
        ),
    )
    op.create_index(op.f("ix_patient_leave_clinic_id_enrolment_id"), "patient_leave", ["clinic_id", "enrolment_id"])
    _index("ix_patient_leave_until", "patient_leave", ["until"], PAUSING)
    op.create_table(
        "released_decision",
        *_key("released_decision"),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        _belongs("released_decision", "decision", "decision_id"),
        sa.UniqueConstraint("clinic_id", "decision_id", name=op.f("uq_released_decision_clinic_id_decision_id")),
    )


def downgrade() -> None:
    """Forget them; who paused stays paused until the clinic says otherwise."""
    for table in ("released_decision", "patient_leave", "unsent_danger"):
        op.drop_table(table)


def _key(table: str) -> tuple[sa.Column[str] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f(f"pk_{table}")),
    )


def _belongs(table: str, other: str, column: str) -> sa.ForeignKeyConstraint:
    columns = [f"{other}.clinic_id", f"{other}.id"]
    return sa.ForeignKeyConstraint(["clinic_id", column], columns, name=op.f(f"fk_{table}_clinic_id_{column}"))


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=False, sqlite_where=where, postgresql_where=where)
