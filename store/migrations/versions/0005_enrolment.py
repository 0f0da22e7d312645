"""Candidates, imports and patients' status."""

revision = "0005_enrolment"
down_revision = "0004_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
