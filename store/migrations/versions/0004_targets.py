"""What further channels and targets keep: the tray of answers that fit no request."""

import sqlalchemy as sa
from alembic import op

revision = "0004_targets"
down_revision = "0003_decisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tray of unmatched answers."""
    op.create_table(
        "unmatched",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("questionnaire", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name=op.f("ck_unmatched_closed")),
        sa.CheckConstraint("state IN ('waiting', 'assigned', 'discarded')", name=op.f("ck_unmatched_state")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_unmatched_clinic_id")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "request_id"],
            ["request.clinic_id", "request.id"],
            name=op.f("fk_unmatched_clinic_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_unmatched")),
        sa.UniqueConstraint("clinic_id", "channel", "sha256", name=op.f("uq_unmatched_clinic_id_channel_sha256")),
    )
    op.create_index(op.f("ix_unmatched_clinic_id_state"), "unmatched", ["clinic_id", "state"], unique=False)


def downgrade() -> None:
    """Remove the tray."""
    op.drop_index(op.f("ix_unmatched_clinic_id_state"), table_name="unmatched")
    op.drop_table("unmatched")
