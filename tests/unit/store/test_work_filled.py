"""The worklist's rows made from what stood before say what the rows say that were kept from the beginning."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from flow.enrol import EnrolmentOrder
from flow.noting import note_wish
from store.base import table_of
from store.engine import open_engine
from store.migration import downgrade, upgrade
from store.tables.work import WorkRow
from tests.builders import CLINIC_ID
from tests.contract.doors import PERSONS
from tests.way import Way

WORK = table_of(WorkRow)
BEFORE = "0021_afterwards"
FORGOTTEN = "alerted_by"
"""What is not made again: whom an alert was raised by before, it is not raised by again."""


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    return way


def rows(way):
    with way.look() as tx:
        found = tx.scope.all(select(WORK).where(WORK.c.clinic_id == CLINIC_ID).order_by(WORK.c.id))
    return [{name: value for name, value in row._asdict().items() if name != FORGOTTEN} for row in found]


def test_an_upgrade_fills_the_list_from_answers_decisions_and_wishes(way, database_url):
    people = [way.enrol(way.system, EnrolmentOrder(*person, "KOL")) for person in PERSONS]
    awaiting, decided, wishing = people
    way.open_due()
    for enrolled, points in ((awaiting, 3), (decided, 1)):
        way.answer_all(enrolled, points=points)
    way.decided(decided, "GREEN")
    occasion = way.occasion(wishing)
    with way.store.write(CLINIC_ID, way.system) as tx:
        assert tx.occasions.wish_contact(occasion.id, tx.now)
        note_wish(tx, wishing.patient_ref, occasion.id, wished=True)
    way.clock.at += timedelta(days=1)
    kept = rows(way)
    assert len(kept) == len(people)

    engine = open_engine(database_url)
    downgrade(engine, BEFORE)
    upgrade(engine)
    engine.dispose()

    assert rows(way) == kept


def test_who_had_not_answered_in_time_is_on_the_list_after_an_upgrade(way, database_url):
    way.enrolled()
    way.open_due()
    way.clock.at += timedelta(days=60)
    way.expire()
    (kept,) = rows(way)

    engine = open_engine(database_url)
    downgrade(engine, BEFORE)
    upgrade(engine)
    engine.dispose()

    (filled,) = rows(way)
    assert filled["unanswered_at"] is not None
    assert {**filled, "unanswered_at": None} == {**kept, "unanswered_at": None}
