"""Systems that sign in by themselves: clients, keys and used assertions."""

revision = "0014_oauth"
down_revision = "0013_audit_chain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
