"""What the worklist remembers: postponed, assigned, next appointment."""

revision = "0022_worklist"
down_revision = "0021_afterwards"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
