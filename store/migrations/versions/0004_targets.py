"""What further channels and targets keep."""

revision = "0004_targets"
down_revision = "0003_decisions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
