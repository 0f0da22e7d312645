"""What re-scoring keeps: earlier scores, and when they were replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0008_rescore"
down_revision = "0007_content"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the history of scores, and the moment of re-scoring."""
    op.add_column("score", sa.Column("rescored_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "score_history",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("score_row_id", sa.String(length=36), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score_id", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=True),
        sa.Column("display", sa.String(length=40), nullable=True),
        sa.Column("band", sa.String(length=40), nullable=True),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("rule_sha256", sa.String(length=64), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("rescored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "response_id"],
            ["response.clinic_id", "response.id"],
            name=op.f("fk_score_history_clinic_id_response_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_score_history")),
    )
    op.create_index(
        op.f("ix_score_history_clinic_id_response_id"), "score_history", ["clinic_id", "response_id"], unique=False
    )


def downgrade() -> None:
    """Go one step down; earlier scores are lost."""
    op.drop_table("score_history")
    op.drop_column("score", "rescored_at")
