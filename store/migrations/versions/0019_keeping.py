"""How long a clinic keeps what it may choose about."""

revision = "0019_keeping"
down_revision = "0018_relations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
