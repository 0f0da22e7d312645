"""Escalations: each step once."""

revision = "0012_escalation"
down_revision = "0011_channels"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Go one step down."""
