"""A clinic's year with both packages: every slot accounted for, never two open occasions, no invitation out of hours.

`SVARBRO_TEST_PATIENTS=1000` runs the full clinic; the ordinary suite takes a small one through the same year.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from delivery.schedule import OccasionState
from questionnaires.model import ItemType
from store.database import Store
from store.engine import open_engine
from store.migration import upgrade
from tests.fakes import FakeClock
from tests.way import CONTENT
from tests.year import START, Year

PATIENTS = int(os.environ.get("SVARBRO_TEST_PATIENTS", "36"))
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
CLOSED = {date(2027, *day) for day in ((1, 1), (3, 25), (3, 26), (3, 28), (3, 29), (5, 1), (5, 6), (5, 16), (5, 17))}
CLOSED |= {date(2027, *day) for day in ((6, 5), (12, 24), (12, 25), (12, 26), (12, 31))} | {date(2028, 1, 1)}
"""Danish public holidays of 2027, and the days on which clinics commonly close."""


@contextmanager
def empty_database(request, kind: str, directory: Path) -> Iterator[str]:
    """Give a database without tables that lasts as long as the module."""
    if kind == "sqlite":
        yield f"sqlite:///{directory}/year.sqlite"
        return
    with request.getfixturevalue("postgres_databases").empty() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def year(request, tmp_path_factory, keyring):
    directory = tmp_path_factory.mktemp("year")
    clock = FakeClock(START)
    with empty_database(request, request.param, directory) as url:
        engine = open_engine(url)
        upgrade(engine)
        store = Store(engine, keyring, clock, directory / "writer.lock")
        year = Year(store, clock, keyring)
        year.begin()
        year.run(PATIENTS)
        yield year
        store.close()


def short(canonical: str) -> str:
    return canonical.partition("|")[0].rsplit("/", 1)[-1]


def test_the_clinic_is_whole(year):
    assert len(year.patients) == PATIENTS
    assert {len(patient.enrolled) for patient in year.patients} == {1, 2}


def test_every_slot_is_accounted_for_in_exactly_one_state(year):
    states = {row["id"]: row["state"] for row in year.rows("SELECT id, state FROM occasion")}
    wanted = {"open": {"open"}, "answered": {"completed"}, "expired": {"expired"}}

    for slot in year.rows("SELECT state, occasion_id FROM slot"):
        if slot["state"] in wanted:
            assert states[slot["occasion_id"]] in wanted[slot["state"]]
        else:
            assert slot["state"] in ("planned", "cancelled")


def test_every_series_is_numbered_without_a_gap_and_has_at_most_one_slot_to_come(year):
    slots = year.rows("SELECT series_id, k, state FROM slot ORDER BY series_id, k")
    running = {row["id"]: row["period_months"] for row in year.rows("SELECT * FROM series WHERE ended_at IS NULL")}
    numbers: dict[str, list[int]] = {}
    planned: Counter[str] = Counter()
    for slot in slots:
        numbers.setdefault(slot["series_id"], []).append(slot["k"])
        planned[slot["series_id"]] += slot["state"] == "planned"

    assert all(ks == list(range(ks[0], ks[0] + len(ks))) for ks in numbers.values())
    for series_id, months in running.items():
        assert planned[series_id] <= 1
        assert months == 0 or planned[series_id] == 1
    assert not [series_id for series_id, count in planned.items() if count and series_id not in running]


def test_nothing_that_is_due_was_forgotten(year):
    with year.store.queue() as queue:
        assert queue.due_patients(year.clock.now(), 10) == ()
        assert queue.expired_occasions(year.clock.now(), 10) == ()


def test_a_patient_never_had_two_open_occasions(year):
    for occasions in year.occasions().values():
        for earlier, later in pairwise(occasions):
            assert earlier.state is not OccasionState.OPEN
            assert later.opened_at >= (earlier.completed_at or earlier.expires_at)


def test_no_invitation_left_outside_the_clinics_window(year):
    assert len(year.channel.sent) >= PATIENTS
    for at, _ in year.channel.sent:
        local = at.astimezone(COPENHAGEN)
        assert local.isoweekday() <= 5
        assert local.date() not in CLOSED
        assert 9 <= local.hour < 18


def test_every_occasion_was_sent_once(year):
    sent = Counter(invitation.occasion_id for _, invitation in year.channel.sent)

    assert set(sent.values()) == {1}
    assert sent.keys() <= {row["id"] for row in year.rows("SELECT id FROM occasion")}


def test_no_occasion_asks_more_than_25_counted_items_or_one_questionnaire_twice(year):
    asked: dict[str, list[str]] = {}
    for row in year.rows("SELECT occasion_id, questionnaire FROM request"):
        asked.setdefault(row["occasion_id"], []).append(row["questionnaire"])
    silent = (ItemType.GROUP, ItemType.DISPLAY)

    for canonicals in asked.values():
        assert len({short(one) for one in canonicals}) == len(canonicals)
        forms = [CONTENT.questionnaires.get(one) for one in canonicals]
        counted = [form for form in forms if not form.safety_screen]
        assert sum(item.type not in silent for form in counted for item in form.by_link_id.values()) <= 25


def test_no_patient_had_more_than_four_counted_occasions_in_any_year_nor_two_within_14_days(year):
    seen = 0
    for occasions in year.occasions().values():
        days = [one.opened_at.astimezone(COPENHAGEN).date() for one in occasions]
        counted = [day for one, day in zip(occasions, days, strict=True) if one.counted]
        seen = max(seen, len(counted))
        for fifth in range(4, len(counted)):
            assert counted[fifth] >= counted[fifth - 4] + relativedelta(years=1)
        for (_, before), (one, day) in pairwise(zip(occasions, days, strict=True)):
            assert not one.counted or day - before >= timedelta(days=14)
    assert seen >= 3, "somebody comes near the cap"


def test_one_patient_with_both_packages_is_asked_for_both_at_once(year):
    both = [patient for patient in year.patients if len(patient.enrolled) == 2]

    with year.look() as tx:
        for patient in both:
            first = min(tx.schedule.slots_of(patient.enrolled[0].enrolment_id), key=lambda slot: slot.due_at)
            if first.occasion_id:
                assert len(tx.occasions.enrolments_of(first.occasion_id)) == 2
