"""Who acts for a patient, and how a clinic page was launched."""

revision = "0018_relations"
down_revision = "0017_agreements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
