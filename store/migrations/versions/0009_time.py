"""Reminders, when a clinic is closed, and how fresh patients' status must be."""

import sqlalchemy as sa
from alembic import op

revision = "0009_time"
down_revision = "0008_rescore"
branch_labels = None
depends_on = None

NOT_CANCELLED = sa.text("state != 'cancelled'")


def upgrade() -> None:
    """Add what a reminder repeats, the closures of clinics, and the age that a status may have."""
    op.add_column("occasion", sa.Column("reminder_days", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("outbox", sa.Column("reminds", sa.String(length=36), nullable=True))
    op.add_column("outbox", sa.Column("reminder_no", sa.Integer(), nullable=True))
    op.create_index(
        "uq_outbox_reminder",
        "outbox",
        ["clinic_id", "reminds", "reminder_no"],
        unique=True,
        sqlite_where=NOT_CANCELLED,
        postgresql_where=NOT_CANCELLED,
    )
    op.add_column(
        "clinic", sa.Column("window_on_optional_days", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "status_demand",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("max_age_h", sa.Integer(), nullable=False),
        sa.Column("fresh_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("max_age_h >= 1", name=op.f("ck_status_demand_max_age")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_status_demand_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "source", name=op.f("pk_status_demand")),
    )
    op.create_table(
        "clinic_closure",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_closure_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "day", name=op.f("pk_clinic_closure")),
    )


def downgrade() -> None:
    """Go one step down; closures are lost, and reminders are messages like any other."""
    op.drop_table("clinic_closure")
    op.drop_table("status_demand")
    op.drop_column("clinic", "window_on_optional_days")
    op.drop_index("uq_outbox_reminder", table_name="outbox")
    op.drop_column("outbox", "reminder_no")
    op.drop_column("outbox", "reminds")
    op.drop_column("occasion", "reminder_days")
