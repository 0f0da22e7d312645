"""Who signs in: systems with their keys and used assertions; people with their sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0014_oauth"
down_revision = "0013_audit_chain"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep clients with their keys, what they used to sign in, and what their tokens are limited to."""
    op.create_table(
        "oauth_client",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("jwks_url", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('live', 'test')", name=op.f("ck_oauth_client_kind")),
        sa.CheckConstraint("state IN ('active', 'disabled')", name=op.f("ck_oauth_client_state")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_oauth_client_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_oauth_client")),
        sa.UniqueConstraint("id", name=op.f("uq_oauth_client_id")),
    )
    _of_a_client("client_key", "kid", 100, sa.Column("jwk", sa.JSON(), nullable=False), "valid_until", nullable=True)
    _of_a_client("used_assertion", "jti_hash", 64, None, "expires_at", nullable=False)
    _staff()
    op.add_column("access_token", sa.Column("scopes", sa.Text(), nullable=True))
    op.create_index(op.f("ix_access_token_expires_at"), "access_token", ["expires_at"], unique=False)


def _staff() -> None:
    of_person = {"columns": ["clinic_id", "person_id"], "refcolumns": ["person.clinic_id", "person.id"]}
    op.create_table(
        "person_identity",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("subject_index", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(**of_person, name=op.f("fk_person_identity_clinic_id_person_id")),
        sa.PrimaryKeyConstraint("clinic_id", "subject_index", name=op.f("pk_person_identity")),
    )
    op.create_table(
        "staff_session",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(**of_person, name=op.f("fk_staff_session_clinic_id_person_id")),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    op.create_index(op.f("ix_staff_session_opened_at"), "staff_session", ["opened_at"], unique=False)


def _of_a_client(table: str, key: str, length: int, more: sa.Column | None, until: str, *, nullable: bool) -> None:
    op.create_table(
        table,
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column(key, sa.String(length=length), nullable=False),
        *([] if more is None else [more]),
        sa.Column(until, sa.DateTime(timezone=True), nullable=nullable),
        sa.ForeignKeyConstraint(
            ["clinic_id", "client_id"],
            ["oauth_client.clinic_id", "oauth_client.id"],
            name=op.f(f"fk_{table}_clinic_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "client_id", key, name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Forget them; tokens that were limited to scopes would be limited no more, so they go too."""
    op.execute("DELETE FROM access_token WHERE scopes IS NOT NULL")
    op.drop_index(op.f("ix_access_token_expires_at"), table_name="access_token")
    op.drop_column("access_token", "scopes")
    op.drop_table("staff_session")
    op.drop_table("person_identity")
    op.drop_table("used_assertion")
    op.drop_table("client_key")
    op.drop_table("oauth_client")
