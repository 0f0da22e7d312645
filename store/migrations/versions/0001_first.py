"""Everything that the first step keeps: parties, schedule, answers, results, outbox, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "clinic",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("sor_id", sa.String(length=20), nullable=False),
        sa.Column("provider_number", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("window_opens", sa.Integer(), nullable=False),
        sa.Column("window_closes", sa.Integer(), nullable=False),
        sa.Column("window_weekdays", sa.String(length=7), nullable=False),
        sa.Column("window_on_holidays", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= window_opens AND window_opens < window_closes AND window_closes <= 1440",
            name=op.f("ck_clinic_window"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("sor_id", name=op.f("uq_clinic_sor_id")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "access_token",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("display", sa.String(length=200), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=100), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_access_token_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_access_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_access_token_token_hash")),
    )
    op.create_table(
        "audit_event",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=100), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("entity", sa.String(length=200), nullable=False),
        sa.Column("patients", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("chain_seq", sa.Integer(), nullable=True),
        sa.Column("chain_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_event_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("clinic_id", "chain_seq", name=op.f("uq_audit_event_clinic_id_chain_seq")),
    )
    op.create_index(op.f("ix_audit_event_clinic_id_at"), "audit_event", ["clinic_id", "at"], unique=False)
    op.create_table(
        "clinic_package",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("package", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("plan_target", sa.String(length=40), nullable=False),
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("opted_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_clinic_package_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "package", name=op.f("pk_clinic_package")),
    )
    op.create_table(
        "patient",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("name_enc", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_patient_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_patient")),
    )
    op.create_table(
        "person",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_person_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_person")),
    )
    op.create_table(
        "webhook_event",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("webhook_id", sa.String(length=200), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_webhook_event_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("channel", "webhook_id", name=op.f("uq_webhook_event_channel_webhook_id")),
    )
    op.create_table(
        "enrolment",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("package", sa.String(length=40), nullable=False),
        sa.Column("programme", sa.String(length=40), nullable=False),
        sa.Column("programme_version", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("plan_target", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('active', 'paused', 'ended')", name=op.f("ck_enrolment_state")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_enrolment_clinic_id_patient_ref"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_enrolment")),
    )
    op.create_index(
        "uq_enrolment_running",
        "enrolment",
        ["clinic_id", "patient_ref", "package"],
        unique=True,
        sqlite_where=sa.text("state IN ('active', 'paused')"),
        postgresql_where=sa.text("state IN ('active', 'paused')"),
    )
    op.create_table(
        "occasion",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('open', 'completed', 'expired', 'cancelled')", name=op.f("ck_occasion_state")),
        sa.CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name=op.f("ck_occasion_completed")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_occasion_clinic_id_patient_ref"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_occasion")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_occasion_link_hash")),
    )
    op.create_index(op.f("ix_occasion_clinic_id_patient_ref"), "occasion", ["clinic_id", "patient_ref"], unique=False)
    op.create_index(
        "ix_occasion_expiry",
        "occasion",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_occasion_open",
        "occasion",
        ["clinic_id", "patient_ref"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "patient_identifier",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("cpr_index", sa.String(length=64), nullable=False),
        sa.Column("value_enc", sa.LargeBinary(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_patient_identifier_clinic_id_patient_ref"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_patient_identifier")),
        sa.UniqueConstraint("clinic_id", "cpr_index", name=op.f("uq_patient_identifier_clinic_id_cpr_index")),
    )
    op.create_index(
        op.f("ix_patient_identifier_clinic_id_patient_ref"),
        "patient_identifier",
        ["clinic_id", "patient_ref"],
        unique=False,
    )
    op.create_table(
        "request",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("occasion_id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("questionnaire", sa.String(length=255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'in-progress', 'completed', 'expired', 'cancelled')", name=op.f("ck_request_state")
        ),
        sa.CheckConstraint("(state = 'completed') = (completed_at IS NOT NULL)", name=op.f("ck_request_completed")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_request_position")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "occasion_id"],
            ["occasion.clinic_id", "occasion.id"],
            name=op.f("fk_request_clinic_id_occasion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_request_clinic_id_patient_ref"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_request")),
        sa.UniqueConstraint(
            "clinic_id", "occasion_id", "questionnaire", name=op.f("uq_request_clinic_id_occasion_id_questionnaire")
        ),
    )
    op.create_index(op.f("ix_request_clinic_id_patient_ref"), "request", ["clinic_id", "patient_ref"], unique=False)
    op.create_index(op.f("ix_request_id"), "request", ["id"], unique=False)
    op.create_table(
        "series",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("occasion_kind", sa.String(length=40), nullable=False),
        sa.Column("anchor", sa.Date(), nullable=False),
        sa.Column("period_months", sa.Integer(), nullable=False),
        sa.Column("programme_version", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("n >= 1", name=op.f("ck_series_n")),
        sa.CheckConstraint("period_months >= 0", name=op.f("ck_series_period_months")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_series_clinic_id_enrolment_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_series")),
        sa.UniqueConstraint("clinic_id", "enrolment_id", "n", name=op.f("uq_series_clinic_id_enrolment_id_n")),
    )
    op.create_table(
        "suggestion",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("occasion_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("colour", sa.String(40), nullable=False),
        sa.Column("urgency", sa.String(40), nullable=False),
        sa.Column("alert", sa.JSON(), nullable=False),
        sa.Column("table_id", sa.String(length=40), nullable=False),
        sa.Column("table_version", sa.String(length=40), nullable=False),
        sa.Column("table_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("colour IN ('GREEN', 'UNKNOWN', 'YELLOW', 'RED')", name=op.f("ck_suggestion_colour")),
        sa.CheckConstraint("n >= 1", name=op.f("ck_suggestion_n")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_suggestion_clinic_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "occasion_id"],
            ["occasion.clinic_id", "occasion.id"],
            name=op.f("fk_suggestion_clinic_id_occasion_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint(
            "clinic_id",
            "occasion_id",
            "enrolment_id",
            "n",
            name=op.f("uq_suggestion_clinic_id_occasion_id_enrolment_id_n"),
        ),
    )
    op.create_index(
        op.f("ix_suggestion_clinic_id_enrolment_id_made_at"),
        "suggestion",
        ["clinic_id", "enrolment_id", "made_at"],
        unique=False,
    )
    op.create_table(
        "decision",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("suggestion_id", sa.String(length=36), nullable=False),
        sa.Column("colour", sa.String(40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=False),
        sa.Column("author_id", sa.String(length=100), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("colour IN ('GREEN', 'YELLOW', 'RED')", name=op.f("ck_decision_colour")),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_decision_level")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_decision_clinic_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "previous_id"],
            ["decision.clinic_id", "decision.id"],
            name=op.f("fk_decision_clinic_id_previous_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "suggestion_id"],
            ["suggestion.clinic_id", "suggestion.id"],
            name=op.f("fk_decision_clinic_id_suggestion_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_decision")),
        sa.UniqueConstraint("clinic_id", "previous_id", name=op.f("uq_decision_clinic_id_previous_id")),
    )
    op.create_index(
        op.f("ix_decision_clinic_id_enrolment_id_decided_at"),
        "decision",
        ["clinic_id", "enrolment_id", "decided_at"],
        unique=False,
    )
    op.create_table(
        "draft",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_draft_version")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "request_id"], ["request.clinic_id", "request.id"], name=op.f("fk_draft_clinic_id_request_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "request_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "response",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("questionnaire", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("authored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("via", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body_enc", sa.LargeBinary(), nullable=False),
        sa.Column("vector", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_response_version")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_response_clinic_id_patient_ref"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "request_id"],
            ["request.clinic_id", "request.id"],
            name=op.f("fk_response_clinic_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_response")),
        sa.UniqueConstraint(
            "clinic_id", "request_id", "version", name=op.f("uq_response_clinic_id_request_id_version")
        ),
    )
    op.create_index(
        op.f("ix_response_clinic_id_patient_ref_received_at"),
        "response",
        ["clinic_id", "patient_ref", "received_at"],
        unique=False,
    )
    op.create_index(
        "uq_response_current",
        "response",
        ["clinic_id", "request_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "slot",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("series_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("nominal_date", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("occasion_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'answered', 'expired', 'cancelled')", name=op.f("ck_slot_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'answered') OR occasion_id IS NOT NULL", name=op.f("ck_slot_occasion")
        ),
        sa.CheckConstraint("k >= 0", name=op.f("ck_slot_k")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_slot_clinic_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "occasion_id"],
            ["occasion.clinic_id", "occasion.id"],
            name=op.f("fk_slot_clinic_id_occasion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_slot_clinic_id_patient_ref"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "series_id"], ["series.clinic_id", "series.id"], name=op.f("fk_slot_clinic_id_series_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_slot")),
        sa.UniqueConstraint("clinic_id", "series_id", "k", name=op.f("uq_slot_clinic_id_series_id_k")),
    )
    op.create_index(op.f("ix_slot_clinic_id_enrolment_id"), "slot", ["clinic_id", "enrolment_id"], unique=False)
    op.create_index(op.f("ix_slot_clinic_id_occasion_id"), "slot", ["clinic_id", "occasion_id"], unique=False)
    op.create_index(op.f("ix_slot_clinic_id_patient_ref"), "slot", ["clinic_id", "patient_ref"], unique=False)
    op.create_index(
        "ix_slot_due",
        "slot",
        ["due_at", "clinic_id", "patient_ref"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "outbox",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("supersedes", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(length=100), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("provider_ref", sa.String(length=200), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=True),
        sa.Column("occasion_id", sa.String(length=36), nullable=True),
        sa.Column("response_id", sa.String(length=36), nullable=True),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('due', 'leased', 'accepted', 'in-doubt', 'superseded', 'cancelled', 'expired', 'dead')",
            name=op.f("ck_outbox_state"),
        ),
        sa.CheckConstraint(
            "(state = 'leased') = (lease_owner IS NOT NULL AND lease_until IS NOT NULL)", name=op.f("ck_outbox_lease")
        ),
        sa.CheckConstraint("attempts >= 0 AND fence >= 0", name=op.f("ck_outbox_counts")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_outbox_sequence")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "decision_id"],
            ["decision.clinic_id", "decision.id"],
            name=op.f("fk_outbox_clinic_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "enrolment_id"],
            ["enrolment.clinic_id", "enrolment.id"],
            name=op.f("fk_outbox_clinic_id_enrolment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "occasion_id"],
            ["occasion.clinic_id", "occasion.id"],
            name=op.f("fk_outbox_clinic_id_occasion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_outbox_clinic_id_patient_ref"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "response_id"],
            ["response.clinic_id", "response.id"],
            name=op.f("fk_outbox_clinic_id_response_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("clinic_id", "lane", "sequence", name=op.f("uq_outbox_clinic_id_lane_sequence")),
    )
    op.create_index(op.f("ix_outbox_clinic_id_enrolment_id"), "outbox", ["clinic_id", "enrolment_id"], unique=False)
    op.create_index(op.f("ix_outbox_clinic_id_occasion_id"), "outbox", ["clinic_id", "occasion_id"], unique=False)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(op.f("ix_outbox_id"), "outbox", ["id"], unique=False)
    op.create_index(
        "ix_outbox_leased",
        "outbox",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'leased'"),
        postgresql_where=sa.text("state = 'leased'"),
    )
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["clinic_id", "lane", "sequence"],
        unique=False,
        sqlite_where=sa.text("state IN ('due', 'leased', 'in-doubt')"),
        postgresql_where=sa.text("state IN ('due', 'leased', 'in-doubt')"),
    )
    op.create_table(
        "score",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("response_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score_id", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(80), nullable=True),
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
        sa.CheckConstraint("answered >= 0 AND missing >= 0", name=op.f("ck_score_counts")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "response_id"],
            ["response.clinic_id", "response.id"],
            name=op.f("fk_score_clinic_id_response_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_score")),
        sa.UniqueConstraint(
            "clinic_id",
            "response_id",
            "score_id",
            "rule_version",
            name=op.f("uq_score_clinic_id_response_id_score_id_rule_version"),
        ),
    )
    op.create_table(
        "attempt",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "message_id"], ["outbox.clinic_id", "outbox.id"], name=op.f("fk_attempt_clinic_id_message_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("clinic_id", "message_id", "fence", name=op.f("uq_attempt_clinic_id_message_id_fence")),
    )
    op.create_table(
        "receipt",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "message_id"], ["outbox.clinic_id", "outbox.id"], name=op.f("fk_receipt_clinic_id_message_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("clinic_id", "message_id", "event", name=op.f("uq_receipt_clinic_id_message_id_event")),
    )


def downgrade() -> None:
    """Remove all tables."""
    op.drop_table("receipt")
    op.drop_table("attempt")
    op.drop_table("score")
    op.drop_table("outbox")
    op.drop_table("slot")
    op.drop_table("response")
    op.drop_table("draft")
    op.drop_table("decision")
    op.drop_table("suggestion")
    op.drop_table("series")
    op.drop_table("request")
    op.drop_table("patient_identifier")
    op.drop_table("occasion")
    op.drop_table("enrolment")
    op.drop_table("webhook_event")
    op.drop_table("person")
    op.drop_table("patient")
    op.drop_table("clinic_package")
    op.drop_table("audit_event")
    op.drop_table("access_token")
    op.drop_table("heartbeat")
    op.drop_table("clinic")
