"""What is known of each receiver: breaker, rate and whose turn it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010_receivers"
down_revision = "0009_time"
branch_labels = None
depends_on = None

DUE = sa.text("state = 'due'")
OPEN = sa.text("state IN ('due', 'leased', 'in-doubt')")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add receivers and turns, and the orders in which due messages are found."""
    op.create_table(
        "receiver_state",
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("circuit", sa.String(length=40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trips", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("probe_at", MOMENT, nullable=True),
        sa.Column("probe_id", sa.String(length=36), nullable=True),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("refilled_at", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.CheckConstraint("circuit IN ('closed', 'open', 'half-open')", name=op.f("ck_receiver_state_circuit")),
        sa.CheckConstraint("failures >= 0 AND trips >= 0", name=op.f("ck_receiver_state_counts")),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_receiver_state")),
    )
    op.create_table(
        "clinic_turn",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("served_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_turn_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "target", name=op.f("pk_clinic_turn")),
    )
    for name, columns in (("ix_outbox_target", []), ("ix_outbox_turn", ["clinic_id"])):
        op.create_index(name, "outbox", ["target", *columns, "due_at", "id"], sqlite_where=DUE, postgresql_where=DUE)
    op.create_index("ix_outbox_expires", "outbox", ["expires_at"], sqlite_where=DUE, postgresql_where=DUE)
    # The lane first: led by the clinic it was taken for the key of one message, and all open ones were walked through.
    op.drop_index("ix_outbox_open", table_name="outbox")
    lanes = ["lane", "clinic_id", "sequence"]
    op.create_index("ix_outbox_open", "outbox", lanes, sqlite_where=OPEN, postgresql_where=OPEN)


def downgrade() -> None:
    """Go one step down; what was learned of receivers is lost."""
    op.drop_index("ix_outbox_open", table_name="outbox")
    lanes = ["clinic_id", "lane", "sequence"]
    op.create_index("ix_outbox_open", "outbox", lanes, sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index("ix_outbox_expires", table_name="outbox")
    op.drop_index("ix_outbox_turn", table_name="outbox")
    op.drop_index("ix_outbox_target", table_name="outbox")
    op.drop_table("clinic_turn")
    op.drop_table("receiver_state")
