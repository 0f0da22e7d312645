"""What population, monitoring and a patient's enrolments read is found by an index, though nobody has counted rows."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event

from delivery.population import Horizon, Standing, Wish
from kernel.ids import EnrolmentId, PatientRef
from security.keys import Keys
from store.base import table_of
from store.database import Store
from store.repositories.monitoring import Span
from store.tables import (
    AgreedActionRow,
    AlertRow,
    DecisionRow,
    EnrolmentRow,
    OccasionRow,
    OutboxRow,
    RequestRow,
    SeriesRow,
    SlotRow,
    SuggestionRow,
)
from store.transaction import Tx
from tests.builders import CLINIC_ID, NOW
from tests.copies import copied, earlier, left
from tests.databases import run
from tests.fakes import FakeClock
from tests.way import Way

COPIED = (
    *(EnrolmentRow, SeriesRow, OccasionRow, SlotRow, RequestRow, SuggestionRow, DecisionRow, AgreedActionRow),
    *(AlertRow, OutboxRow),
)
MANY = 200
"""Patients; each answered a day before the last one."""
MONTH = Span(NOW - timedelta(days=7), NOW)
YEAR = Horizon(NOW - timedelta(days=30), ("kol-annual-control",))
WALK = re.compile(r"^SEARCH (?!enrolment ).*\(clinic_id=\?\)$|^SCAN (slot|occasion|decision|outbox)")
"""How SQLite says that it walks through a table, or all of a clinic; the clinic's enrolments may be walked, once."""
Read = Callable[[Tx], object]


def _page(wish: Wish, tx: Tx) -> object:
    return tx.population.page(wish, YEAR, limit=50)


OF_A_MONTH: Mapping[str, tuple[Read, tuple[str, ...]]] = {
    "enrolments of a patient": (
        lambda tx: tx.enrolments.of_patient(PatientRef("p")),
        ("ix_enrolment_clinic_id_patient_ref_id",),
    ),
    "any enrolment of a patient": (
        lambda tx: tx.enrolments.any_of(PatientRef("p")),
        ("ix_enrolment_clinic_id_patient_ref_id",),
    ),
    "ended occasions": (
        lambda tx: tx.monitoring.ended_occasions(MONTH),
        ("ix_occasion_completed", "ix_occasion_expired"),
    ),
    "destroyed": (lambda tx: tx.monitoring.destroyed(), ("ix_patient_clinic_id_key_id",)),
    "unmatched": (lambda tx: tx.monitoring.unmatched(MONTH), ("ix_unmatched_clinic_id_received_at",)),
    "undelivered": (lambda tx: tx.monitoring.undelivered(MONTH), ("ix_outbox_(dead|stuck)",)),
    "undelivered at all": (lambda tx: tx.monitoring.undelivered_at_all(MONTH), ("ix_outbox_(dead|stuck)",)),
    "answered": (lambda tx: tx.monitoring.answered(MONTH), ("ix_suggestion_first",)),
    "answered at all": (lambda tx: tx.monitoring.answered_at_all(MONTH), ("ix_suggestion_first",)),
    "alerts": (lambda tx: tx.monitoring.alerts(MONTH), ("ix_alert_clinic_id_raised_at",)),
    "decisions": (lambda tx: tx.monitoring.decisions(MONTH), ("ix_decision_clinic_id_decided_at",)),
    "handled": (lambda tx: tx.monitoring.handled(MONTH), ("ix_decision_clinic_id_decided_at",)),
}
"""What is read -> by which indexes; of what is dead PostgreSQL may also take the index of all that is stuck."""
OF_EACH: Mapping[str, Read] = {
    **{standing: partial(_page, Wish("KOL", standing)) for standing in Standing},
    "population": partial(_page, Wish()),
    "population, counted": lambda tx: tx.population.counted(YEAR),
    "enrolled": lambda tx: tx.monitoring.enrolled(NOW, YEAR),
    "lasting decisions": lambda tx: tx.decisions.lasting([EnrolmentId(str(number)) for number in range(50)]),
    **{name: OF_A_MONTH[name][0] for name in ("ended occasions", "undelivered", "handled")},
}
"""What is read of many enrolments or occasions, one by one or a page at once."""


@pytest.fixture
def told(store, clock, keyring, database_url):
    """Give what the database says of how it finds something."""
    way = _answered(store, clock, keyring)
    if database_url.startswith("postgresql"):
        with store.write(CLINIC_ID, way.system) as tx:
            templates = left(tx, [table_of(one) for one in COPIED])
            copied(tx, templates, range(MANY), lambda number, _, row: earlier(row, number))
        run(database_url, "ANALYZE")
    return partial(_told, way)


@pytest.fixture
def told_uncounted(sqlite_store, clock, keyring):
    """Give what SQLite says, which has counted nothing; PostgreSQL has, and walks where that is shorter."""
    return partial(_told, _answered(sqlite_store, clock, keyring))


def _answered(store: Store, clock: FakeClock, keyring: Keys) -> Way:
    way = Way(store, clock, keyring)
    way.add_clinic()
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled, points=3)
    way.decided(enrolled, "YELLOW")
    return way


def _told(way: Way, read: Read) -> str:
    with way.look() as tx:
        return "\n".join(_explained(tx, read))


def _explained(tx: Tx, read: Read) -> list[str]:
    connection, asked = tx.scope.connection, []

    def keep(_connection, _cursor, statement, values, *_):
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", keep)
    read(tx)
    event.remove(connection, "before_cursor_execute", keep)
    prefix = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    if connection.dialect.name == "postgresql":
        # So few rows are sooner walked than looked up; what is asked is whether an index can serve.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    return [str(row[-1]) for text, values in asked for row in connection.exec_driver_sql(prefix + text, values)]


def test_what_is_asked_of_a_month_or_a_patient_is_looked_up_by_it(told):
    plans = {name: (told(read), indexes) for name, (read, indexes) in OF_A_MONTH.items()}

    assert {
        name: plan for name, (plan, indexes) in plans.items() if not all(re.search(one, plan) for one in indexes)
    } == {}


def test_what_belongs_to_an_enrolment_or_an_occasion_is_never_looked_for_in_the_whole_clinic(told_uncounted):
    walks = {
        name: [line for line in told_uncounted(read).splitlines() if WALK.search(line)]
        for name, read in OF_EACH.items()
    }

    assert {name: lines for name, lines in walks.items() if lines} == {}
