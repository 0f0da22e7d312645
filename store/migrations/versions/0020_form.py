"""Drafts of the patient's form: the item that was saved while the patient still stood on it."""

import sqlalchemy as sa
from alembic import op

revision = "0020_form"
down_revision = "0019_keeping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remember where the patient stood, and that the patient wants to be called."""
    op.add_column("draft", sa.Column("begun", sa.String(length=400), nullable=True))
    op.add_column("occasion", sa.Column("contact_wished_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("occasion", "contact_wished_at")
    op.drop_column("draft", "begun")
