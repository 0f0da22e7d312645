"""What got clearly worse since the answer before, and indexes for what overviews read."""

import sqlalchemy as sa
from alembic import op

revision = "0025_worse"
down_revision = "0024_population"
branch_labels = None
depends_on = None

DUE = ("clinic_id", "tier", "due_day", "place", "step", "answered_at", "id")
WAITS = sa.text("due_day IS NOT NULL")
NAMED = (
    ("ix_suggestion_first", "suggestion", "made_at", "n = 1"),
    ("ix_occasion_completed", "occasion", "completed_at", "completed_at IS NOT NULL"),
    ("ix_occasion_expired", "occasion", "expires_at", "state = 'expired'"),
    ("ix_outbox_dead", "outbox", "closed_at", "state = 'dead'"),
)
"""Index, table, the column that follows the clinic, and which rows are in it."""
PLAIN = (
    ("enrolment", "patient_ref", "id"),
    ("decision", "decided_at"),
    ("decision", "suggestion_id", "decided_at"),
    ("unmatched", "received_at"),
    ("patient", "key_id"),
)
"""Table, and the columns that follow the clinic."""
LONGER = (
    ("slot", "enrolment_id", "occasion_id"),
    ("slot", "occasion_id", "enrolment_id"),
    ("outbox", "occasion_id", "id"),
)
"""Table, the column that followed the clinic, and the one that comes after it now."""


def upgrade() -> None:
    """Of what waits already, nobody can tell whether it got worse but from the answers: NULL, as if it had not."""
    op.add_column("work", sa.Column("worse", sa.JSON(), nullable=True))
    _order_due(DUE)
    for name, table, column, condition in NAMED:
        where = sa.text(condition)
        op.create_index(name, table, ["clinic_id", column], sqlite_where=where, postgresql_where=where)
    for table, *columns in PLAIN:
        op.create_index(op.f(f"ix_{table}_clinic_id_{'_'.join(columns)}"), table, ["clinic_id", *columns])
    for table, first, then in LONGER:
        op.drop_index(op.f(f"ix_{table}_clinic_id_{first}"), table)
        op.create_index(op.f(f"ix_{table}_clinic_id_{first}_{then}"), table, ["clinic_id", first, then])


def downgrade() -> None:
    """Forget what got worse."""
    for table, first, then in LONGER:
        op.drop_index(op.f(f"ix_{table}_clinic_id_{first}_{then}"), table)
        op.create_index(op.f(f"ix_{table}_clinic_id_{first}"), table, ["clinic_id", first])
    for table, *columns in PLAIN:
        op.drop_index(op.f(f"ix_{table}_clinic_id_{'_'.join(columns)}"), table)
    for name, table, _, _ in NAMED:
        op.drop_index(name, table)
    _order_due(tuple(name for name in DUE if name != "step"))
    op.drop_column("work", "worse")


def _order_due(columns: tuple[str, ...]) -> None:
    op.drop_index("ix_work_due", "work")
    op.create_index("ix_work_due", "work", list(columns), sqlite_where=WAITS, postgresql_where=WAITS)
