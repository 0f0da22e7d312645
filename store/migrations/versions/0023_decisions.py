"""What the practitioner adds to a decision: measurements, and the patient's own goal."""

import sqlalchemy as sa
from alembic import op

revision = "0023_decisions"
down_revision = "0022_worklist"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Decisions made before have no goal and no measurements."""
    op.add_column("decision", sa.Column("goal_enc", sa.LargeBinary(), nullable=True))
    op.add_column("decision", sa.Column("measurements", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("decision", "measurements")
    op.drop_column("decision", "goal_enc")
