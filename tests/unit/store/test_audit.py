"""Audit: a row says who did what to whose data, and when."""

from datetime import timedelta

from kernel.ids import PatientRef
from security.actor import Role
from security.audit import AuditEvent
from store.base import table_of
from store.tables import AuditEventRow
from tests.builders import CLINIC_ID, NOW, an_actor
from tests.stored import store_clinic

AUDIT = table_of(AuditEventRow)


def test_an_event_is_kept_with_its_patients_and_the_moment_of_the_transaction(store):
    store_clinic(store)
    nurse = an_actor(Role.CLINIC_STAFF, on_behalf_of="clinician-2")
    patients = (PatientRef("p1"), PatientRef("p2"))

    with store.write(CLINIC_ID, nurse) as tx:
        tx.audit.record(AuditEvent("read", "Enrolment/1", patients))
        tx.audit.record(AuditEvent("seed", "Clinic/1", purpose="setup", at=NOW - timedelta(days=1)))

    with store.read(CLINIC_ID, nurse) as tx:
        assert tx.audit.events() == (
            AuditEvent("read", "Enrolment/1", patients, "treatment", NOW),
            AuditEvent("seed", "Clinic/1", (), "setup", NOW - timedelta(days=1)),
        )
        row = tx.scope.all(tx.scope.select(AUDIT))[0]
        assert (row.role, row.actor_id, row.on_behalf_of) == (Role.CLINIC_STAFF, "actor-1", "clinician-2")
