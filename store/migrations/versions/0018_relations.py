"""Who acts for a patient, and how a clinic page was launched."""

import sqlalchemy as sa
from alembic import op

revision = "0018_relations"
down_revision = "0017_agreements"
branch_labels = None
depends_on = None

STATES = "'prepared', 'authorized', 'redeemed', 'opened', 'void'"
HASHES = ("token_hash", "code_hash", "browser_hash")


def upgrade() -> None:
    """Keep launches, what a launched session is limited to, and who acts for a patient."""
    op.add_column("oauth_client", sa.Column("redirect_uri", sa.Text(), nullable=True))
    with op.batch_alter_table("staff_session") as table:
        table.add_column(sa.Column("patient_ref", sa.String(length=36), nullable=True))
        table.create_foreign_key(
            op.f("fk_staff_session_clinic_id_patient_ref"), "patient", ["clinic_id", "patient_ref"], ["clinic_id", "id"]
        )
        table.create_index(op.f("ix_staff_session_clinic_id_patient_ref"), ["clinic_id", "patient_ref"])
    _launch()
    _related_person()


def _launch() -> None:
    op.create_table(
        "launch",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("challenge", sa.String(length=64), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_launch_state")),
        _key("launch", "client_id", "oauth_client"),
        _key("launch", "person_id", "person"),
        _key("launch", "patient_ref", "patient"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_launch")),
        *(sa.UniqueConstraint(name, name=op.f(f"uq_launch_{name}")) for name in HASHES),
    )
    for column in ("expires_at", "patient_ref"):
        op.create_index(op.f(f"ix_launch_clinic_id_{column}"), "launch", ["clinic_id", column], unique=False)


def _related_person() -> None:
    op.create_table(
        "related_person",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("relationship", sa.String(length=40), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("name_enc", sa.LargeBinary(), nullable=False),
        sa.Column("source_enc", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_related_person_period")),
        _key("related_person", "patient_ref", "patient"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_related_person")),
    )
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_related_person_standing",
        "related_person",
        ["clinic_id", "patient_ref", "person_index"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    index = op.f("ix_related_person_clinic_id_person_index")
    op.create_index(index, "related_person", ["clinic_id", "person_index"], unique=False)


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column], [f"{of}.clinic_id", f"{of}.id"], name=op.f(f"fk_{table}_clinic_id_{column}")
    )


def downgrade() -> None:
    """Forget them; sessions that were limited to a patient would be limited no more, so they go too."""
    op.execute("DELETE FROM staff_session WHERE patient_ref IS NOT NULL")
    op.drop_table("related_person")
    op.drop_table("launch")
    with op.batch_alter_table("staff_session") as table:
        table.drop_index(op.f("ix_staff_session_clinic_id_patient_ref"))
        table.drop_constraint(op.f("fk_staff_session_clinic_id_patient_ref"), type_="foreignkey")
        table.drop_column("patient_ref")
    op.drop_column("oauth_client", "redirect_uri")
