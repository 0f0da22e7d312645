"""What the full schedule keeps."""

revision = "0002_schedule"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
