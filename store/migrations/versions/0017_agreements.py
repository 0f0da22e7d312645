"""Processor agreements, opt-ins and how long things are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0017_agreements"
down_revision = "0016_edge"
branch_labels = None
depends_on = None


STANDING = sa.text("ended_at IS NULL")
# What clinics opted in under is what they agreed to so far.
KNOWN = """
    INSERT INTO processor_agreement (clinic_id, id, reference, signed_on, signed_by, recorded_at)
    SELECT clinic_id, clinic_id, min(agreement), date(min(opted_in_at)), '', min(opted_in_at)
    FROM clinic_package GROUP BY clinic_id
"""
CUT = """
    SELECT 1 FROM audit_cut c JOIN audit_chain l ON l.clinic_id = c.clinic_id AND l.seq <= c.seq
    WHERE c.clinic_id = OLD.clinic_id AND OLD.at < c.before AND l.kind = 'audit_event' AND l.row_id = OLD.id
"""
"""An audit row may go when a checkpoint covers its link."""
REFUSED = "rows of audits and scores are not changed"


def upgrade() -> None:
    """Keep each clinic's agreement, and when it opted out of a package."""
    op.create_table(
        "processor_agreement",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_by", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_processor_agreement_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_processor_agreement")),
    )
    op.create_index(
        "uq_processor_agreement_standing",
        "processor_agreement",
        ["clinic_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.execute(KNOWN)
    op.create_table(
        "audit_cut",
        sa.Column("clinic_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cut_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_audit_cut_seq")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name=op.f("fk_audit_cut_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "seq", name=op.f("pk_audit_cut")),
    )
    _guard_on_postgresql() if _is_postgresql() else _guard_on_sqlite()
    op.add_column("webhook_event", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.add_column("clinic_package", sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget them; a clinic that opted out would be written to again, so its choice goes with its ladder."""
    op.execute(
        "DELETE FROM ladder_step WHERE EXISTS (SELECT 1 FROM clinic_package p WHERE p.clinic_id = ladder_step.clinic_id"
        " AND p.package = ladder_step.package AND p.opted_out_at IS NOT NULL)"
    )
    op.execute("DELETE FROM clinic_package WHERE opted_out_at IS NOT NULL")
    op.drop_column("clinic_package", "opted_out_at")
    op.drop_column("webhook_event", "sha256")
    op.drop_table("processor_agreement")
    on = " ON audit_event" if _is_postgresql() else ""
    op.execute(f"DROP TRIGGER audit_event_kept{on}")
    if _is_postgresql():
        op.execute("DROP FUNCTION svarbro_refuse_unless_cut()")
        of_each = "ON audit_event FOR EACH ROW EXECUTE FUNCTION svarbro_refuse()"
        op.execute(f"CREATE TRIGGER audit_event_kept BEFORE DELETE {of_each}")
    else:
        _refuse_on_sqlite("audit_event", "kept", "DELETE")
    op.drop_table("audit_cut")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse_on_sqlite(table: str, guard: str, change: str, unless: str = "") -> None:
    when = f"WHEN NOT EXISTS ({unless}) " if unless else ""
    op.execute(
        f"CREATE TRIGGER {table}_{guard} BEFORE {change} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    )


def _guard_on_sqlite() -> None:
    op.execute("DROP TRIGGER audit_event_kept")
    _refuse_on_sqlite("audit_event", "kept", "DELETE", CUT)
    _refuse_on_sqlite("audit_cut", "unchanged", "UPDATE")
    _refuse_on_sqlite("audit_cut", "kept", "DELETE")


def _guard_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION svarbro_refuse_unless_cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NOT EXISTS ({CUT}) THEN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN OLD; END $$"
    )
    op.execute("DROP TRIGGER audit_event_kept ON audit_event")
    for table, guard, change, function in (
        ("audit_event", "kept", "DELETE", "svarbro_refuse_unless_cut"),
        ("audit_cut", "unchanged", "UPDATE", "svarbro_refuse"),
        ("audit_cut", "kept", "DELETE", "svarbro_refuse"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{guard} BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
