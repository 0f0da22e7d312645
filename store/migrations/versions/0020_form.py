"""Drafts of the patient's form."""

revision = "0020_form"
down_revision = "0019_keeping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
