"""What amended responses and their provenance need."""

revision = "0006_records"
down_revision = "0005_enrolment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
