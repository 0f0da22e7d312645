"""How long a clinic keeps what it may choose about."""

import sqlalchemy as sa
from alembic import op

revision = "0019_keeping"
down_revision = "0018_relations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what clinics choose."""
    op.create_table(
        "clinic_retention",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days >= 0", name=op.f("ck_clinic_retention_days")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_retention_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "kind", name=op.f("pk_clinic_retention")),
    )


def downgrade() -> None:
    """Forget what clinics chose: the content file holds for all."""
    op.drop_table("clinic_retention")
