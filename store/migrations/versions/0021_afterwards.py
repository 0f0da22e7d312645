"""Declining, pausing and what the patient sees afterwards."""

revision = "0021_afterwards"
down_revision = "0020_form"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
