"""What a deployment adds to the content: approvals, licence records and imported wording."""

revision = "0007_content"
down_revision = "0006_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
