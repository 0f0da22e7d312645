"""Processor agreements, opt-ins and how long things are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0017_agreements"
down_revision = "0016_edge"
branch_labels = None
depends_on = None


STANDING = sa.text("ended_at IS NULL")
# What clinics opted in under is what they agreed to so far.
KNOWN = """
    INSERT INTO processor_agreement (clinic_id, id, reference, signed_on, signed_by, recorded_at)
    SELECT clinic_id, clinic_id, min(agreement), date(min(opted_in_at)), '', min(opted_in_at)
    FROM clinic_package GROUP BY clinic_id
"""


def upgrade() -> None:
    """Keep each clinic's agreement, and when it opted out of a package."""
    op.create_table(
        "processor_agreement",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_processor_agreement_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_processor_agreement")),
    )
    op.create_index(
        "uq_processor_agreement_standing",
        "processor_agreement",
        ["clinic_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.execute(KNOWN)
    op.add_column("webhook_event", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.add_column("clinic_package", sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget them; a clinic that opted out would be written to again, so its choice goes with its ladder."""
    op.execute(
        "DELETE FROM ladder_step WHERE EXISTS (SELECT 1 FROM clinic_package p WHERE p.clinic_id = ladder_step.clinic_id"
        " AND p.package = ladder_step.package AND p.opted_out_at IS NOT NULL)"
    )
    op.execute("DELETE FROM clinic_package WHERE opted_out_at IS NOT NULL")
    op.drop_column("clinic_package", "opted_out_at")
    op.drop_column("webhook_event", "sha256")
    op.drop_table("processor_agreement")
