"""Audit rows and scores in chains, no row of an audit or a score changed, and legal holds."""

import sqlalchemy as sa
from alembic import op

revision = "0013_audit_chain"
down_revision = "0012_escalation"
branch_labels = None
depends_on = None

SEALED = ("audit_event", "score", "score_history")
UNCHANGED = (*SEALED, "audit_chain")
KEPT = ("audit_event", "score_history", "audit_chain")
MOVED = """
    SELECT 1 FROM score_history h
    WHERE h.clinic_id = OLD.clinic_id AND h.response_id = OLD.response_id AND h.score_row_id = OLD.id
    AND h.rule_version = OLD.rule_version AND h.rule_sha256 = OLD.rule_sha256
"""
"""A score may go when it stands in the history: that is how re-scoring works."""
REFUSED = "rows of audits and scores are not changed"


def upgrade() -> None:
    """Add the chain, and let the database itself queue what is to be sealed and refuse changes."""
    with op.batch_alter_table("audit_event") as table:
        table.drop_constraint(op.f("uq_audit_event_clinic_id_chain_seq"), type_="unique")
        table.drop_column("chain_seq")
        table.drop_column("chain_hash")
    op.create_table(
        "audit_chain",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("row_sha256", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_chain_seq")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_chain_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "seq", name=op.f("pk_audit_chain")),
    )
    columns = ["clinic_id", "kind", "row_id"]
    op.create_index(op.f("ix_audit_chain_clinic_id_kind_row_id"), "audit_chain", columns, unique=False)
    op.create_table(
        "audit_unsealed",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=36), nullable=False),
        sa.Column("mark", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_unsealed_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "kind", "row_id", "mark", name=op.f("pk_audit_unsealed")),
    )
    op.create_table(
        "legal_hold",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_ref", sa.String(length=36), nullable=False),
        sa.Column("reason_enc", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.String(length=100), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_ref"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_legal_hold_clinic_id_patient_ref"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_legal_hold")),
    )
    op.create_index(
        op.f("ix_legal_hold_clinic_id_patient_ref"), "legal_hold", ["clinic_id", "patient_ref"], unique=False
    )
    for name in SEALED:
        op.execute(f"INSERT INTO audit_unsealed SELECT clinic_id, '{name}', id, 'before' FROM {name}")  # noqa: S608
    _guard_on_postgresql() if _is_postgresql() else _guard_on_sqlite()


def downgrade() -> None:
    """Go one step down; what was sealed is sealed no more."""
    for name in UNCHANGED:
        for guard in ("sealed", "unchanged", "kept"):
            on = f" ON {name}" if _is_postgresql() else ""
            op.execute(f"DROP TRIGGER IF EXISTS {name}_{guard}{on}")
    if _is_postgresql():
        op.execute("DROP FUNCTION svarbro_queue_seal()")
        op.execute("DROP FUNCTION svarbro_refuse()")
        op.execute("DROP FUNCTION svarbro_refuse_unless_moved()")
    op.drop_table("legal_hold")
    op.drop_table("audit_unsealed")
    op.drop_table("audit_chain")
    with op.batch_alter_table("audit_event") as table:
        table.add_column(sa.Column("chain_seq", sa.Integer(), nullable=True))
        table.add_column(sa.Column("chain_hash", sa.String(length=64), nullable=True))
        table.create_unique_constraint(op.f("uq_audit_event_clinic_id_chain_seq"), ["clinic_id", "chain_seq"])


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _guard_on_sqlite() -> None:
    for name in SEALED:
        op.execute(
            f"CREATE TRIGGER {name}_sealed AFTER INSERT ON {name} BEGIN INSERT INTO audit_unsealed "  # noqa: S608
            f"VALUES (NEW.clinic_id, '{name}', NEW.id, lower(hex(randomblob(16)))); END"
        )
    for name in UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {name}_unchanged BEFORE UPDATE ON {name} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
    for name in KEPT:
        op.execute(f"CREATE TRIGGER {name}_kept BEFORE DELETE ON {name} BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END")
    op.execute(
        f"CREATE TRIGGER score_kept BEFORE DELETE ON score WHEN NOT EXISTS ({MOVED}) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION svarbro_queue_seal() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO audit_unsealed VALUES (NEW.clinic_id, TG_TABLE_NAME, NEW.id, gen_random_uuid()::text); "
        "RETURN NULL; END $$"
    )
    refusal = f"RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'"
    op.execute(f"CREATE FUNCTION svarbro_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refusal}; END $$")
    op.execute(
        "CREATE FUNCTION svarbro_refuse_unless_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS ({MOVED}) THEN {refusal}; END IF; RETURN OLD; END $$"
    )
    for name in SEALED:
        op.execute(
            f"CREATE TRIGGER {name}_sealed AFTER INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION svarbro_queue_seal()"
        )
    for name in UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {name}_unchanged BEFORE UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION svarbro_refuse()"
        )
    for name in UNCHANGED:
        call = "svarbro_refuse_unless_moved()" if name == "score" else "svarbro_refuse()"
        op.execute(f"CREATE TRIGGER {name}_kept BEFORE DELETE ON {name} FOR EACH ROW EXECUTE FUNCTION {call}")
