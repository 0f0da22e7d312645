"""What people do about single messages, and escalations: each step once."""

import sqlalchemy as sa
from alembic import op

revision = "0012_escalation"
down_revision = "0011_channels"
branch_labels = None
depends_on = None

STUCK = sa.text("state IN ('in-doubt', 'dead')")
FAILING = sa.text("state IN ('due', 'leased') AND last_error IS NOT NULL")
CLOSED = sa.text("closed_at IS NOT NULL")
INDEXES = (
    ("ix_outbox_stuck", ["clinic_id", "id"], STUCK),
    ("ix_outbox_failing", ["first_due_at"], FAILING),
    ("ix_outbox_closed", ["closed_at"], CLOSED),
)


def upgrade() -> None:
    """Keep since when a message waits, who did what to it, and who was told of a red."""
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
    _escalations()


def _escalations() -> None:
    """Watch reds until a decision, each step once."""
    op.create_table(
        "escalation",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("suggestion_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_escalation_clinic_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "suggestion_id"],
            ["suggestion.clinic_id", "suggestion.id"],
            name=op.f("fk_escalation_clinic_id_suggestion_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_escalation")),
    )
    is_open, to_look_at = sa.text("closed_at IS NULL"), sa.text("look_at IS NOT NULL")
    op.create_index(
        "uq_escalation_open",
        "escalation",
        ["clinic_id", "enrolment_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_escalation_look_at", "escalation", ["look_at"], sqlite_where=to_look_at, postgresql_where=to_look_at
    )
    op.create_table(
        "escalation_step",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("escalation_id", sa.String(length=36), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "escalation_id"],
            ["escalation.clinic_id", "escalation.id"],
            name=op.f("fk_escalation_step_clinic_id_escalation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"],
            ["person.clinic_id", "person.id"],
            name=op.f("fk_escalation_step_clinic_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_escalation_step")),
        sa.UniqueConstraint(
            "clinic_id", "escalation_id", "step", name=op.f("uq_escalation_step_clinic_id_escalation_id_step")
        ),
    )
    op.create_table(
        "clinic_escalation",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("decided_minutes", sa.Integer(), nullable=True),
        sa.CheckConstraint("decided_minutes > 0", name=op.f("ck_clinic_escalation_decided_minutes")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_escalation_clinic_id")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "person_id"],
            ["person.clinic_id", "person.id"],
            name=op.f("fk_clinic_escalation_clinic_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinic_escalation")),
    )


def downgrade() -> None:
    """Go one step down; who did what to a message, and who was told of a red, is lost."""
    op.drop_table("clinic_escalation")
    op.drop_table("escalation_step")
    op.drop_table("escalation")
    op.drop_table("outbox_act")
    for name, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name="outbox")
    op.drop_column("outbox", "first_due_at")
