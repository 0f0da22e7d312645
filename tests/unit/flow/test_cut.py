"""The audit is cut after its time: rows go, links stay, and what is missing without a cut is still found."""

from datetime import timedelta

import pytest

from flow.forget import Forget
from flow.patient_data import PatientData
from flow.seal import SealAudit
from flow.verify_audit import VerifyAudit
from kernel.errors import ConflictError
from security.actor import Role
from security.audit import AuditEvent
from security.chain import LEAST_KEPT, Cut, Fault, Kind, Link
from store.anchors import AnchorFile
from tests.builders import CLINIC_ID, NOW, an_actor
from tests.tampering import tampering
from tests.way import CONTENT

OPERATOR = an_actor(Role.OPERATOR)
LIFE = timedelta(days=1827)
DAY = timedelta(days=1)


@pytest.fixture
def anchors(tmp_path):
    return AnchorFile(tmp_path / "anchors.jsonl")


@pytest.fixture
def verify(way, anchors):
    return lambda: VerifyAudit(way.store, anchors)(OPERATOR)


@pytest.fixture
def forget(way):
    return Forget(way.store, CONTENT, way.clock)


@pytest.fixture
def old(way, answered, anchors):
    """Seal what was done on the first day, and a look of four years later."""
    SealAudit(way.store, anchors)()
    way.clock.at += timedelta(days=4 * 365)
    with way.store.write(CLINIC_ID, way.doctor) as tx:
        tx.audit.record(AuditEvent("read", "Later/1"))
    SealAudit(way.store, anchors)()
    return answered


def counted(way, of="audit_event"):
    with way.look() as tx:
        return tx.scope.connection.exec_driver_sql(f"SELECT count(*) FROM {of}").scalar_one()


def acts(way):
    with way.look() as tx:
        return [event.action for event in tx.audit.events()]


def test_the_day_before_everything_is_there_and_the_day_after_it_is_gone_and_the_chain_is_whole(
    way, old, forget, verify, anchors
):
    links, scores = counted(way, "audit_chain"), counted(way, "score")
    way.clock.at = NOW.replace(hour=0) + LIFE
    forget()
    assert "enrol" in acts(way)

    way.clock.at += DAY
    forget()

    assert "enrol" not in acts(way)
    assert acts(way)[0] == "read", "what is younger stays"
    assert "cut-audit" in acts(way)
    assert (counted(way, "audit_chain"), counted(way, "score")) == (links, scores), "links and scores stay"
    SealAudit(way.store, anchors)()
    found = verify()
    assert (found.broken, found.waiting) == (None, 0)


def test_rows_of_whom_a_hold_protects_stay(way, old, forget, verify):
    PatientData(way.store, LIFE).hold(OPERATOR, old.patient_ref, "complaint")
    way.clock.at = NOW + LIFE + 2 * DAY

    forget()

    with way.look() as tx:
        kept = tx.audit.of_patient(old.patient_ref, limit=100)
    assert "enrol" in [event.action for event in kept]
    assert verify().broken is None


def test_a_row_that_is_too_young_for_the_cut_is_missed_all_the_same(way, old, forget, verify):
    way.clock.at = NOW + LIFE + 2 * DAY
    forget()
    with tampering(way.store) as connection:
        connection.exec_driver_sql("DELETE FROM audit_event WHERE entity = 'Later/1'")

    assert verify().broken.fault is Fault.MISSING_ROW


def test_without_a_cut_the_database_lets_nothing_go_and_a_missing_row_is_found(way, old, verify):
    with pytest.raises(ConflictError), way.store.queue() as queue:
        queue.connection.exec_driver_sql("DELETE FROM audit_event WHERE action = 'enrol'")
    with tampering(way.store) as connection:
        connection.exec_driver_sql("DELETE FROM audit_event WHERE action = 'enrol'")

    assert verify().broken.fault is Fault.MISSING_ROW


def test_a_cut_that_stands_in_no_audit_hides_nothing(way, old, verify):
    with tampering(way.store) as connection:
        connection.exec_driver_sql("DELETE FROM audit_event WHERE action = 'enrol'")
        connection.exec_driver_sql(
            "INSERT INTO audit_cut (clinic_id, seq, hash, before, cut_at) SELECT clinic_id, seq, hash, "
            "'2030-01-01 00:00:00.000000', '2040-01-01 00:00:00.000000' FROM audit_chain ORDER BY seq DESC LIMIT 1"
        )

    assert verify().broken.fault is Fault.MISSING_ROW


@pytest.mark.parametrize("statement", ["UPDATE audit_cut SET seq = 9", "DELETE FROM audit_cut"])
def test_a_cut_is_neither_changed_nor_removed(way, old, forget, statement):
    way.clock.at = NOW + LIFE + 2 * DAY
    forget()

    with pytest.raises(ConflictError), way.store.queue() as queue:
        queue.connection.exec_driver_sql(statement)


def test_nothing_more_is_cut_on_the_same_day(way, old, forget):
    way.clock.at = NOW + LIFE + 2 * DAY
    forget()

    assert forget() == 0
    assert acts(way).count("cut-audit") == 1


@pytest.mark.parametrize(
    ("change", "explained"),
    [
        pytest.param({}, True, id="old"),
        pytest.param({"before": NOW}, False, id="not-older-than-the-moment"),
        pytest.param({"seq": 6}, False, id="beyond-the-cut"),
        pytest.param({"cut_at": NOW + DAY + LEAST_KEPT - timedelta(seconds=1)}, False, id="sooner-than-two-years"),
    ],
)
def test_a_cut_explains_what_is_old_before_it_and_no_score(change, explained):
    link = Link(change.pop("seq", 5), Kind.AUDIT, "row", "sha", NOW.strftime("%Y-%m-%d %H:%M:%S.%f"), "hash")
    cut = Cut(5, "hash", **{"before": NOW + DAY, "cut_at": NOW + DAY + LEAST_KEPT, **change})

    assert cut.explains(link) is explained
    assert not cut.explains(Link(1, Kind.SCORE, "row", "sha", link.sealed_at, "hash"))
