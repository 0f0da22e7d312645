"""What the population and its figures need."""

revision = "0024_population"
down_revision = "0023_decisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
