"""What the practitioner adds to a decision."""

revision = "0023_decisions"
down_revision = "0022_worklist"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
