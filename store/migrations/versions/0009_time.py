"""When a clinic is closed, and how fresh patients' status must be."""

revision = "0009_time"
down_revision = "0008_rescore"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing yet."""


def downgrade() -> None:
    """Go one step down."""
