"""The second wall between clinics on PostgreSQL: row-level security."""

revision = "0015_row_security"
down_revision = "0014_oauth"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
