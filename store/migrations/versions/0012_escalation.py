"""What people do about single messages, and escalations: each step once."""

import sqlalchemy as sa
from alembic import op

revision = "0012_escalation"
down_revision = "0011_channels"
branch_labels = None
depends_on = None

STUCK = sa.text("state IN ('dead', 'in-doubt')")
FAILING = sa.text("state IN ('due', 'leased') AND last_error IS NOT NULL")
CLOSED = sa.text("closed_at IS NOT NULL")
INDEXES = (
    ("ix_outbox_stuck", ["clinic_id", "id"], STUCK),
    ("ix_outbox_failing", ["first_due_at"], FAILING),
    ("ix_outbox_closed", ["closed_at"], CLOSED),
)


def upgrade() -> None:
    """Keep since when a message waits, and who did what to it."""
    op.add_column("outbox", sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE outbox SET first_due_at = due_at")
    for name, columns, where in INDEXES:
        op.create_index(name, "outbox", columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "outbox_act",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=True),
        sa.Column("renewed_as", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "message_id"],
            ["outbox.clinic_id", "outbox.id"],
            name=op.f("fk_outbox_act_clinic_id_message_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "renewed_as"],
            ["outbox.clinic_id", "outbox.id"],
            name=op.f("fk_outbox_act_clinic_id_renewed_as"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_outbox_act")),
    )
    op.create_index(op.f("ix_outbox_act_message_id"), "outbox_act", ["message_id"], unique=False)


def downgrade() -> None:
    """Go one step down; who did what to a message is lost."""
    op.drop_table("outbox_act")
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name="outbox")
    op.drop_column("outbox", "first_due_at")
