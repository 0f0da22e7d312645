"""Processor agreements, opt-ins and how long things are kept."""

revision = "0017_agreements"
down_revision = "0016_edge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
