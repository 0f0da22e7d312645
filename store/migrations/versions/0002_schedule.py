"""What the full schedule keeps: chosen questionnaires and control month of an enrolment, what a series still asks."""

import sqlalchemy as sa
from alembic import op

revision = "0002_schedule"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("enrolment", sa.Column("slots", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("enrolment", sa.Column("control_month", sa.Integer(), nullable=True))
    op.add_column("series", sa.Column("ask", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("occasion", sa.Column("counted", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("occasion", "counted")
    op.drop_column("series", "ask")
    op.drop_column("enrolment", "control_month")
    op.drop_column("enrolment", "slots")
