"""What is known of each receiver: breaker, rate and shares."""

revision = "0010_receivers"
down_revision = "0009_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Go one step down."""
