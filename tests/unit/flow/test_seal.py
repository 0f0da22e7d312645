"""Sealing: what is committed comes into the chain once, in any order of commits, and nothing is changed unseen."""

import json

import pytest

from flow.rescore import RescoreOrder, RescoreResponses
from flow.seal import SealAudit
from flow.verify_audit import VerifyAudit
from kernel.errors import ConflictError, StoreError
from security.actor import Role
from security.audit import AuditEvent
from security.chain import Broken, Fault, Kind
from store.anchors import AnchorFile
from store.guards import GUARDS
from tests.builders import CLINIC_ID, an_actor
from tests.databases import opened
from tests.tampering import as_owner, tampering
from tests.way import CONTENT

OPERATOR = an_actor(Role.OPERATOR)


@pytest.fixture
def anchors(tmp_path):
    return AnchorFile(tmp_path / "anchors.jsonl")


@pytest.fixture
def seal(way, anchors):
    return SealAudit(way.store, anchors)


@pytest.fixture
def verify(way, anchors):
    return lambda: VerifyAudit(way.store, anchors)(OPERATOR)


def counted(way, table):
    with way.look() as tx:
        return tx.scope.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


def test_every_audit_row_and_score_is_sealed_once(way, answered, seal, verify):
    every = counted(way, "audit_event") + counted(way, "score")

    assert verify().waiting == every
    assert (seal(), seal()) == (every, 0)
    found = verify()
    assert (found.links, found.waiting, found.broken) == (every, 0, None)


def test_more_rows_than_one_transaction_takes_are_sealed_by_several(way, answered, anchors, verify):
    every = counted(way, "audit_event") + counted(way, "score")

    assert SealAudit(way.store, anchors, at_a_time=3)() == every
    assert verify().broken is None


def test_a_row_that_commits_late_with_an_early_id_is_sealed_all_the_same(
    store, way, seal, verify, database_url, tmp_path, keyring, clock
):
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer: nothing commits between")
    early = AuditEvent("read", "Early/1")
    with opened(database_url, keyring, clock, tmp_path) as slow, slow.write(CLINIC_ID, way.doctor) as tx:
        tx.audit.record(early)
        with store.write(CLINIC_ID, way.doctor) as other:
            other.audit.record(AuditEvent("read", "Later/1"))
        seal()
        before = verify().links

    assert seal() == 1
    assert (verify().links, verify().broken) == (before + 1, None)


def test_a_score_that_was_scored_again_keeps_its_first_seal(way, answered, seal, verify):
    with tampering(way.store) as connection:
        connection.exec_driver_sql("UPDATE score SET rule_version = '1.9.0' WHERE score_id = 'catTotal'")
    seal()
    RescoreResponses(way.store, CONTENT)(OPERATOR, RescoreOrder(), told=lambda done, every: None)

    assert verify().broken is None
    assert seal() > 0
    assert (verify().waiting, verify().broken) == (0, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'other'",
        "DELETE FROM audit_event",
        "UPDATE score SET value = '1'",
        "DELETE FROM score",
        "UPDATE audit_chain SET row_id = 'x'",
        "DELETE FROM audit_chain",
    ],
)
def test_the_database_itself_refuses_to_change_or_remove(way, answered, seal, verify, statement):
    seal()

    with pytest.raises(ConflictError), way.store.queue() as queue:
        queue.connection.exec_driver_sql(statement)

    assert verify().broken is None


def first(way, table, column="id"):
    with way.look() as tx:
        return tx.scope.connection.exec_driver_sql(f"SELECT {column} FROM {table} ORDER BY {column}").scalars().first()


def seq_of(way, row_id):
    with way.look() as tx:
        return tx.scope.connection.exec_driver_sql(
            f"SELECT min(seq) FROM audit_chain WHERE row_id = '{row_id}'"
        ).scalar_one()


@pytest.mark.parametrize(
    ("table", "change", "fault"),
    [
        pytest.param(
            "audit_event", "UPDATE audit_event SET purpose = 'x' WHERE id = '{}'", Fault.CHANGED_ROW, id="audit"
        ),
        pytest.param("audit_event", "DELETE FROM audit_event WHERE id = '{}'", Fault.MISSING_ROW, id="audit-gone"),
        pytest.param("score", "UPDATE score SET band = 'x' WHERE id = '{}'", Fault.CHANGED_ROW, id="score"),
        pytest.param("score", "DELETE FROM score WHERE id = '{}'", Fault.MISSING_ROW, id="score-gone"),
    ],
)
def test_who_changes_a_row_past_the_guards_is_found_and_the_row_named(
    way, answered, seal, verify, table, change, fault
):
    seal()
    row_id = first(way, table)
    with tampering(way.store) as connection:
        connection.exec_driver_sql(change.format(row_id))

    assert verify().broken == Broken(fault, seq_of(way, row_id), Kind(table), row_id)


def test_a_row_that_was_put_in_past_the_guards_is_found(way, answered, seal, verify):
    seal()
    row_id = first(way, "audit_event")
    with tampering(way.store) as connection:
        columns = "at, role, actor_id, on_behalf_of, action, entity, patients, purpose"
        connection.exec_driver_sql(
            f"INSERT INTO audit_event (clinic_id, id, {columns}) SELECT clinic_id, 'forged', {columns} "
            f"FROM audit_event WHERE id = '{row_id}'"
        )

    assert verify().broken == Broken(Fault.UNSEALED_ROW, None, Kind.AUDIT, "forged")


def test_a_guard_that_was_taken_away_is_named(way, answered, seal, verify):
    seal()
    with way.store.queue() as queue:
        on = " ON score" if queue.connection.dialect.name == "postgresql" else ""
        as_owner(queue.connection)
        queue.connection.exec_driver_sql("SAVEPOINT before_guard")
        queue.connection.exec_driver_sql(f"DROP TRIGGER score_unchanged{on}")
        with way.store.read(CLINIC_ID, OPERATOR):
            tx = queue.within(CLINIC_ID, OPERATOR)
            assert tx.chain.missing_guards() == ("score_unchanged",)
        queue.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT before_guard")
        assert tx.chain.missing_guards() == ()
    assert "score_unchanged" in GUARDS


def test_the_end_of_a_day_is_anchored_when_the_next_day_begins(way, answered, seal, verify, anchors):
    seal()
    end = verify().links
    assert anchors.of(CLINIC_ID) == ()

    way.clock.move(days=1)
    with way.store.write(CLINIC_ID, way.doctor) as tx:
        tx.audit.record(AuditEvent("read", "Next/1"))
    seal()

    (anchor,) = anchors.of(CLINIC_ID)
    assert anchor.seq == end
    assert (verify().anchors, verify().broken) == (1, None)


def test_a_chain_that_was_made_anew_or_cut_does_not_fit_its_anchors(way, answered, seal, verify, anchors):
    seal()
    way.clock.move(days=1)
    with way.store.write(CLINIC_ID, way.doctor) as tx:
        tx.audit.record(AuditEvent("read", "Next/1"))
    seal()
    (anchor,) = anchors.of(CLINIC_ID)
    with tampering(way.store) as connection:
        connection.exec_driver_sql("DELETE FROM audit_chain")
        connection.exec_driver_sql(
            "INSERT INTO audit_unsealed SELECT clinic_id, 'audit_event', id, 'anew' FROM audit_event"
        )
        connection.exec_driver_sql("INSERT INTO audit_unsealed SELECT clinic_id, 'score', id, 'anew' FROM score")
    seal()

    broken = verify().broken

    assert (broken.fault, broken.seq) == (Fault.UNLIKE_ANCHOR, anchor.seq)


def test_a_file_of_anchors_that_cannot_be_read_is_no_file_of_anchors(verify, anchors, way):
    anchors.path.write_text(json.dumps({"clinic_id": CLINIC_ID}) + "\n")

    with pytest.raises(StoreError):
        verify()
