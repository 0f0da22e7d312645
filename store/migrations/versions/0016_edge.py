"""What the edge counts: rate limits shared between processes, used launches."""

revision = "0016_edge"
down_revision = "0015_row_security"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
