"""Ladders of channels, receipts that fit nothing yet, and how far receipts were fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0011_channels"
down_revision = "0010_receivers"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add three tables."""
    op.create_table(
        "ladder_step",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("package", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("wait_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_ladder_step_position")),
        sa.CheckConstraint("wait_days >= 1", name=op.f("ck_ladder_step_wait_days")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "package"],
            ["clinic_package.clinic_id", "clinic_package.package"],
            name=op.f("fk_ladder_step_clinic_id_package"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "package", "position", name=op.f("pk_ladder_step")),
        sa.UniqueConstraint("clinic_id", "package", "channel", name=op.f("uq_ladder_step_clinic_id_package_channel")),
    )
    op.create_table(
        "stray_receipt",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("receipt_id", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'applied', 'given-up')", name=op.f("ck_stray_receipt_state")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_stray_receipt_tries")),
        sa.PrimaryKeyConstraint("channel", "receipt_id", name=op.f("pk_stray_receipt")),
    )
    op.create_index(
        "ix_stray_receipt_waiting", "stray_receipt", ["received_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_table(
        "receipt_mark",
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=200), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_receipt_mark")),
    )


def downgrade() -> None:
    """Go one step down; ladders are lost, and receipts are fetched from the beginning again."""
    op.drop_table("receipt_mark")
    op.drop_index("ix_stray_receipt_waiting", table_name="stray_receipt")
    op.drop_table("stray_receipt")
    op.drop_table("ladder_step")
