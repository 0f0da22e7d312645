"""Candidates, imports and patients' status."""

import sqlalchemy as sa
from alembic import op

revision = "0005_enrolment"
down_revision = "0004_targets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what feeds tell of patients, and candidates."""
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
    op.create_table(
        "candidate",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("package", sa.String(length=40), nullable=False),
        sa.Column("diagnosis", sa.String(length=40), nullable=False),
        sa.Column("own_patient", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessed_by", sa.String(length=100), nullable=True),
        sa.Column("assessed_name", sa.String(length=200), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=100), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("enrolment_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'excluded', 'ordered', 'left')", name=op.f("ck_candidate_state")
        ),
        sa.CheckConstraint("(state = 'ordered') = (enrolment_id IS NOT NULL)", name=op.f("ck_candidate_ordered")),
        sa.CheckConstraint(
            "state <> 'excluded' OR (reason_enc IS NOT NULL AND review_on IS NOT NULL AND assessed_by IS NOT NULL)",
            name=op.f("ck_candidate_excluded"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_candidate_clinic_id_patient_ref"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_candidate_clinic_id_enrolment_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_candidate")),
    )
    op.create_index(op.f("ix_candidate_clinic_id_state_id"), "candidate", ["clinic_id", "state", "id"], unique=False)
    op.create_index(
        "uq_candidate_open",
        "candidate",
        ["clinic_id", "patient_ref", "package"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'excluded')"),
        postgresql_where=sa.text("state IN ('waiting', 'excluded')"),
    )


def downgrade() -> None:
    """Forget candidates, and what feeds told."""
    op.drop_table("candidate")
    op.drop_table("patient_status")
    op.drop_table("status_feed")
