"""What the edge counts: calls at doors, shared between processes."""

import sqlalchemy as sa
from alembic import op

revision = "0016_edge"
down_revision = "0015_row_security"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count calls."""
    op.create_table(
        "rate_window",
        sa.Column("bucket", sa.String(length=64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "ends_at", name=op.f("pk_rate_window")),
    )
    op.create_index(op.f("ix_rate_window_ends_at"), "rate_window", ["ends_at"], unique=False)


def downgrade() -> None:
    """Count none."""
    op.drop_index(op.f("ix_rate_window_ends_at"), table_name="rate_window")
    op.drop_table("rate_window")
