"""Needs assessments, decided dimensions and agreed actions."""

revision = "0003_decisions"
down_revision = "0002_schedule"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step up."""


def downgrade() -> None:
    """Go one step down."""
