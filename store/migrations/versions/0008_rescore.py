"""What re-scoring keeps: earlier scores beside the new ones."""

revision = "0008_rescore"
down_revision = "0007_content"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
