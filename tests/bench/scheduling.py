"""Row 6: what the tick does with due slots, beside the same rows found and written by hand with plain SQL."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any

from flow.schedule import DUE_AT_A_TIME
from kernel.ids import new_id
from store.engine import PRAGMAS
from tests.bench.enrolments import Population, insert, populated, rows_of
from tests.bench.extent import Extent
from tests.bench.figures import Figure, Series, at_most

ROUNDS, LOOKS = 4, 10
GATE, GATE_GROWTH = 2.0, 1.5
DUE = 3 * ROUNDS * DUE_AT_A_TIME + DUE_AT_A_TIME
"""All sides open as many, and one batch shows by hand what a batch consists of."""
WRITTEN = ("occasion", "request", "slot", "outbox", "audit_event")
BY_HAND = """
SELECT s.clinic_id, s.patient_ref FROM slot s
WHERE s.state = 'planned' AND s.due_at <= :now
AND EXISTS (SELECT 1 FROM enrolment e WHERE e.clinic_id = s.clinic_id AND e.id = s.enrolment_id AND e.state = 'active'
    AND NOT EXISTS (SELECT 1 FROM status_demand d WHERE d.clinic_id = e.clinic_id
        AND (d.fresh_until IS NULL OR d.fresh_until <= :now))
    AND NOT EXISTS (SELECT 1 FROM patient_status p WHERE p.clinic_id = e.clinic_id AND p.patient_ref = e.patient_ref
        AND p.ended_at IS NULL AND (p.kind IN ('dead', 'declined', 'moved', 'protected') AND p.value = 1
            OR p.kind = 'digital' AND p.value = 0 AND e.channel != 'clinic')))
AND NOT EXISTS (SELECT 1 FROM occasion o
    WHERE o.clinic_id = s.clinic_id AND o.patient_ref = s.patient_ref AND o.state = 'open')
ORDER BY s.due_at, s.clinic_id, s.patient_ref LIMIT :most
"""
SLOTS = """
SELECT id, patient_ref, series_id, enrolment_id, k, nominal_date, due_at FROM slot
WHERE clinic_id = ? AND state = 'planned' AND due_at <= ? AND patient_ref IN ({refs})
"""
ENROLMENTS = """
SELECT id, patient_ref, package, programme, programme_version, channel, enrolled_at, slots FROM enrolment
WHERE clinic_id = ? AND state IN ('active', 'paused') AND patient_ref IN ({refs})
"""
OCCASIONS = (
    "SELECT patient_ref, state, opened_at, counted FROM occasion WHERE clinic_id = ? AND patient_ref IN ({refs})"
)
STATUSES = """
SELECT patient_ref, kind, value FROM patient_status WHERE clinic_id = ? AND ended_at IS NULL AND patient_ref IN ({refs})
"""
ANSWERS = """
SELECT p.patient_ref, p.questionnaire, p.authored_at, r.occasion_id FROM response p
JOIN request r ON r.clinic_id = p.clinic_id AND r.id = p.request_id
WHERE p.clinic_id = ? AND p.is_current AND p.patient_ref IN ({refs})
"""
READ = (ENROLMENTS, OCCASIONS, STATUSES, ANSWERS)
"""What the rules need to know of patients, beside their due slots and the series of these."""
SERIES = "SELECT * FROM series WHERE clinic_id = ? AND id IN ({refs})"
TAKE = "UPDATE slot SET state = 'open', occasion_id = ? WHERE clinic_id = ? AND id = ? AND state = 'planned'"
SCAN, SCAN_BY_HAND, IDLE = "scan", "scan by hand", "idle"
OPEN, OPEN_BY_HAND, WRITE_BY_HAND = "open", "open by hand", "write by hand"


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row on SQLite, in CPU time of this process."""
    found = {count: _series(directory / str(count), count) for count in extent.enrolments}
    figures: list[Figure] = []
    for count, series in found.items():
        each = ", ".join(f"{series.median(way):.0f} us" for way in (OPEN, OPEN_BY_HAND, WRITE_BY_HAND))
        figures += (
            at_most(6, f"due scan at {count:,} enrolments / the same by hand", series.ratio(SCAN, SCAN_BY_HAND), GATE),
            at_most(6, "  scan and enqueue / the same by hand", series.ratio(OPEN, OPEN_BY_HAND), GATE),
            Figure(6, "  the same / only finding and writing by hand", f"{series.ratio(OPEN, WRITE_BY_HAND):.3g} x"),
            Figure(6, "  a patient: ours, by hand, only writing", each),
            Figure(6, "  a scan that finds nothing", f"{series.median(IDLE):.0f} us"),
        )
    least, most = min(found), max(found)
    growth = found[most].median(OPEN) / found[least].median(OPEN)
    return (*figures, at_most(6, f"cost of a patient at {most:,} / at {least:,} enrolments", growth, GATE_GROWTH))


def _series(directory: Path, count: int) -> Series:
    """Open batch after batch, ours and by hand in turn, and at the end look where nothing is due."""
    population, series = populated(directory, count, min(DUE, count)), Series()
    services, hand = population.services, _hand(population)
    now = services.clock.now()
    _ours(population)
    batch = _batch(hand)
    for _ in range(ROUNDS):
        series.add(SCAN, _timed(lambda: _scan(population, now), LOOKS))
        series.add(SCAN_BY_HAND, _timed(lambda: _scan_by_hand(hand, _text(now)), LOOKS))
        series.add(OPEN, _timed(lambda: _ours(population)) / DUE_AT_A_TIME)
        for way, reads in ((OPEN_BY_HAND, True), (WRITE_BY_HAND, False)):
            by_hand = partial(_by_hand, hand, batch, _text(now), reads=reads)
            series.add(way, _timed(by_hand) / DUE_AT_A_TIME)
    for _ in range(ROUNDS):
        series.add(IDLE, _timed(lambda: _scan(population, now), LOOKS))
    hand.close()
    services.store.close()
    return series


def _hand(population: Population) -> Connection:
    """Connect as the product does: the same keys are checked, the same commit is waited for."""
    connection = connect(population.file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def _timed(work: Callable[[], Any], times: int = 1) -> float:
    begin = time.process_time_ns()
    for _ in range(times):
        work()
    return (time.process_time_ns() - begin) / 1000 / times


def _scan(population: Population, now: Any) -> None:
    with population.services.store.survey() as survey:
        survey.due_patients(now, DUE_AT_A_TIME)


def _scan_by_hand(hand: Connection, now: str) -> None:
    hand.execute("BEGIN")
    hand.execute(BY_HAND, {"now": now, "most": DUE_AT_A_TIME}).fetchall()
    hand.execute("COMMIT")


def _ours(population: Population) -> None:
    assert population.services.use_cases.open_due() == DUE_AT_A_TIME


def _text(moment: Any) -> str:
    return str(moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds"))


def _batch(hand: Connection) -> dict[str, list[dict[str, Any]]]:
    """Read what the product wrote for one patient."""
    (occasion,) = rows_of(hand, "occasion", "1 LIMIT 1")
    of_it = {table: rows_of(hand, table, "occasion_id = ?", occasion["id"]) for table in ("request", "slot", "outbox")}
    slot = of_it["slot"][0]
    following = rows_of(hand, "slot", "series_id = ? AND k > ?", slot["series_id"], slot["k"])
    told = rows_of(hand, "audit_event", "entity = ?", f"Occasion/{occasion['id']}")
    return {"occasion": [occasion], **of_it, "slot": following, "audit_event": told}


def _by_hand(hand: Connection, batch: dict[str, list[dict[str, Any]]], now: str, *, reads: bool) -> None:
    """Find who is due, and write the same rows for them: one transaction, one statement for each table.

    Args:
        reads: also read what the rules need to know, as the same SQL does.
    """
    hand.execute("BEGIN IMMEDIATE")
    due = hand.execute(BY_HAND, {"now": now, "most": DUE_AT_A_TIME}).fetchall()
    (clinic_id, _), refs = due[0], [patient_ref for _, patient_ref in due]
    marks = ", ".join("?" for _ in refs)
    slots = hand.execute(SLOTS.format(refs=marks), (clinic_id, now, *refs)).fetchall()
    if reads:
        for statement in READ:
            hand.execute(statement.format(refs=marks), (clinic_id, *refs)).fetchall()
        hand.execute(SERIES.format(refs=marks), (clinic_id, *(slot[2] for slot in slots))).fetchall()
    made: dict[str, list[dict[str, Any]]] = {table: [] for table in WRITTEN}
    taken = []
    (occasion,), (follows,) = batch["occasion"], batch["slot"]
    for slot_id, patient_ref, series_id, enrolment_id, *_ in slots:
        ids = {row["id"]: new_id() for rows in batch.values() for row in rows}
        ids |= {occasion["patient_ref"]: patient_ref, follows["series_id"]: series_id}
        ids[follows["enrolment_id"]] = enrolment_id
        for table in WRITTEN:
            made[table] += ({name: ids.get(value, value) for name, value in row.items()} for row in batch[table])
        made["occasion"][-1]["link_hash"] = new_id()
        made["outbox"][-1]["lane"] = f"webpatient:{ids[occasion['id']]}"
        taken.append((ids[occasion["id"]], clinic_id, slot_id))
    insert(hand, "occasion", made["occasion"])
    hand.executemany(TAKE, taken)
    for table in ("slot", "request", "outbox", "audit_event"):
        insert(hand, table, made[table])
    hand.execute("COMMIT")
