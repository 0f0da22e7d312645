"""What a deployment adds to the content: approvals, licence records and imported wording."""

import sqlalchemy as sa
from alembic import op

revision = "0007_content"
down_revision = "0006_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them, and what results say of the content they were made with."""
    op.create_table(
        "content_revision",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_content_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_revision")),
    )
    op.create_table(
        "content_approval",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("content_id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_approval")),
        sa.UniqueConstraint(
            "content_id", "version", "sha256", "person", name=op.f("uq_content_approval_content_id_version_sha256_person")
        ),
    )
    op.create_table(
        "licence_record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("grant", sa.String(length=200), nullable=False),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "expires_on IS NULL OR granted_on <= expires_on", name=op.f("ck_licence_record_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_record")),
    )
    op.create_table(
        "wording",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("licence_id", sa.String(length=36), nullable=False),
        sa.Column("questionnaire", sa.String(length=255), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["licence_id"], ["licence_record.id"], name=op.f("fk_wording_licence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
    )
    op.add_column("slot", sa.Column("asked_by", sa.String(length=81), nullable=True))
    op.add_column("response", sa.Column("definition_sha256", sa.String(length=64), nullable=True))
    op.add_column("response", sa.Column("wording", sa.JSON(), nullable=True))
    op.add_column("suggestion", sa.Column("made_with", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Forget them."""
    op.drop_column("suggestion", "made_with")
    op.drop_column("response", "wording")
    op.drop_column("response", "definition_sha256")
    op.drop_column("slot", "asked_by")
    op.drop_table("wording")
    op.drop_table("licence_record")
    op.drop_table("content_approval")
    op.drop_table("content_revision")
