"""What the provenance of responses needs: an audit row is found by what was touched."""

from alembic import op

revision = "0006_records"
down_revision = "0005_enrolment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find audit rows by their entity."""
    op.create_index(op.f("ix_audit_event_clinic_id_entity"), "audit_event", ["clinic_id", "entity"], unique=False)


def downgrade() -> None:
    """Go one step down."""
    op.drop_index(op.f("ix_audit_event_clinic_id_entity"), table_name="audit_event")
