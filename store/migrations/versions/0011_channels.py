"""Steps of a channel's ladder, and receipts that fit nothing yet."""

revision = "0011_channels"
down_revision = "0010_receivers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Go one step down."""
