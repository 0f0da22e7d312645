"""Audit rows in chains, and no row of an audit or a score changed."""

revision = "0013_audit_chain"
down_revision = "0012_escalation"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
