"""When an enrolment ended, and to whom a clinician has delegated what."""

import sqlalchemy as sa
from alembic import op

revision = "0024_population"
down_revision = "0023_decisions"
branch_labels = None
depends_on = None

STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Of what ended before, nobody knows the day."""
    op.add_column("enrolment", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "delegation",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("clinician_id", sa.String(length=36), nullable=False),
        sa.Column("delegate_id", sa.String(length=36), nullable=False),
        sa.Column("terms", sa.String(length=500), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs("clinician_id"),
        _belongs("delegate_id"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_delegation")),
    )
    op.create_index(
        "uq_delegation_standing",
        "delegation",
        ["clinic_id", "clinician_id", "delegate_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    """Forget both."""
    op.drop_table("delegation")
    op.drop_column("enrolment", "ended_at")


def _belongs(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column], ["person.clinic_id", "person.id"], name=op.f(f"fk_delegation_clinic_id_{column}")
    )
