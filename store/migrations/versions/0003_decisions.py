"""Needs assessments, decided dimensions and agreed actions."""

import sqlalchemy as sa
from alembic import op

revision = "0003_decisions"
down_revision = "0002_schedule"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what a decision holds beside colour and level, and the needs assessment beside the alert."""
    op.add_column("suggestion", sa.Column("needs", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("decision", sa.Column("dimensions", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("decision", sa.Column("next_due", sa.Date(), nullable=True))
    op.add_column("decision", sa.Column("new_episode", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "agreed_action",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("note_enc", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'in-progress', 'completed', 'cancelled')", name=op.f("ck_agreed_action_state")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "decision_id"],
            ["decision.clinic_id", "decision.id"],
            name=op.f("fk_agreed_action_clinic_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_agreed_action_clinic_id_enrolment_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_agreed_action")),
    )
    op.create_index(
        op.f("ix_agreed_action_clinic_id_decision_id"), "agreed_action", ["clinic_id", "decision_id"], unique=False
    )
    op.create_index(
        op.f("ix_agreed_action_clinic_id_enrolment_id"), "agreed_action", ["clinic_id", "enrolment_id"], unique=False
    )


def downgrade() -> None:
    """Forget it again."""
    op.drop_table("agreed_action")
    op.drop_column("decision", "new_episode")
    op.drop_column("decision", "next_due")
    op.drop_column("decision", "dimensions")
    op.drop_column("suggestion", "needs")
