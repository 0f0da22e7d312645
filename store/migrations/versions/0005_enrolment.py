"""Candidates, imports and patients' status."""

import sqlalchemy as sa
from alembic import op

revision = "0005_enrolment"
down_revision = "0004_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what feeds tell of patients."""
    op.create_table(
        "status_feed",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_status_feed_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "source", name=op.f("pk_status_feed")),
    )
    op.create_table(
        "patient_status",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Boolean(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_patient_status_clinic_id_patient_ref"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_patient_status")),
    )
    op.create_index(
        op.f("ix_patient_status_clinic_id_patient_ref"), "patient_status", ["clinic_id", "patient_ref"], unique=False
    )
    op.create_index(
        "uq_patient_status_current",
        "patient_status",
        ["clinic_id", "patient_ref", "kind"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Forget what feeds told."""
    op.drop_table("patient_status")
    op.drop_table("status_feed")
