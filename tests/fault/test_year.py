"""A clinic's year with both packages: every slot accounted for, never two open occasions, no invitation out of hours.

The patients come in as a population list by `svarbro enrol import`, and a named clinician orders or excludes each.

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

from delivery.candidate import CandidateState
from delivery.schedule import OccasionState
from kernel.clock import SystemClock
from kernel.settings import Settings
from questionnaires.model import ItemType
from security.keys import ensure_key_file, read_key_file
from store.database import Store
from store.engine import open_engine
from store.migration import upgrade
from tests.fakes import FakeClock
from tests.population import PACKAGES, REASON, import_list, number_of
from tests.population import REVIEW_DAYS as DAYS_UNTIL_REVIEW
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


@contextmanager
def installation(request, kind: str, directory: Path) -> Iterator[dict[str, str]]:
    """Give the settings of an installation that has keys and an empty database."""
    with empty_database(request, kind, directory) as url:
        environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(directory), "SVARBRO_DATABASE_URL": url}
        ensure_key_file(Settings.from_env(environ).keys_file)
        yield environ


def bring_list(year: Year, environ: dict[str, str]) -> None:
    """Import the population by the command, whose clock is the machine's, moved to where the year stands."""
    directory = Path(environ["SVARBRO_INSTANCE_DIR"])
    offset = year.clock.now() - SystemClock().now()
    (directory / "clock-offset").write_text(str(offset.total_seconds()), encoding="ascii")
    year.imported.append(import_list(environ, directory, PATIENTS))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def year(request, tmp_path_factory):
    directory = tmp_path_factory.mktemp("year")
    clock = FakeClock(START)
    with installation(request, request.param, directory) as environ:
        settings = Settings.from_env(environ)
        engine = open_engine(settings.database_url)
        upgrade(engine)
        keyring = read_key_file(settings.keys_file)
        store = Store(engine, keyring, clock, directory / "writer.lock")
        year = Year(store, clock, keyring)
        year.begin()
        bring_list(year, environ)
        year.run(PATIENTS)
        bring_list(year, environ)
        yield year
        store.close()


def short(canonical: str) -> str:
    return canonical.partition("|")[0].rsplit("/", 1)[-1]


def test_the_list_came_in_whole_and_doubles_nobody_when_it_comes_again(year):
    first, again = year.imported
    lines = sum(len(PACKAGES[number % 3]) for number in range(PATIENTS))

    assert (first["read"], first["added"]) == (lines, lines)
    assert (again["read"], again["added"], again["waiting"]) == (lines, 0, 0)
    assert again["enrolled"] == sum(len(patient.enrolled) for patient in year.patients)
    assert again["excluded"] == lines - again["enrolled"]


def test_every_patient_of_the_list_was_ordered_or_excluded_by_a_named_clinician(year):
    ordered, excluded = (year.desk.of_state(state) for state in (CandidateState.ORDERED, CandidateState.EXCLUDED))

    assert year.desk.waiting() == []
    assert {number_of(one) for one in (*ordered, *excluded)} == set(range(PATIENTS))
    assert {number_of(one) for one in excluded} == {number for number in range(PATIENTS) if number % 24 == 11}
    assert {(one.candidate.assessed_name, one.candidate.assessed_by) for one in (*ordered, *excluded)} == {
        (year.doctor.display, year.doctor.id)
    }
    assert {one.candidate.reason for one in excluded} == {REASON}
    assert {one.candidate.enrolment_id for one in ordered} == {
        enrolled.enrolment_id for patient in year.patients for enrolled in patient.enrolled
    }


def test_everybody_who_was_ordered_is_asked_and_nobody_who_was_excluded(year):
    ordered = {patient.enrolled[0].patient_ref for patient in year.patients}
    excluded = {one.candidate.patient_ref for one in year.desk.of_state(CandidateState.EXCLUDED)}

    assert len(ordered) + len(excluded) == PATIENTS
    assert {invitation.patient.ref for _, invitation in year.channel.sent} == ordered
    assert {row["patient_ref"] for row in year.rows("SELECT patient_ref FROM slot")} == ordered


def test_who_was_excluded_at_first_is_not_asked_before_somebody_looked_again(year):
    later = [patient for patient in year.patients if patient.number % 24 == 23]
    first = {patient.enrolled[0].patient_ref: patient.enrolled[0].first_due_at for patient in later}

    assert later
    assert all(due >= START + timedelta(days=DAYS_UNTIL_REVIEW) for due in first.values())
    assert all(at >= first[one.patient.ref] for at, one in year.channel.sent if one.patient.ref in first)


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
    with year.store.survey() as survey:
        assert survey.due_patients(year.clock.now(), 10) == ()
    with year.store.queue() as queue:
        assert queue.expired_occasions(year.clock.now(), 10) == ()


def test_a_patient_never_had_two_open_occasions(year):
    for occasions in year.occasions().values():
        for earlier, later in pairwise(occasions):
            assert earlier.state is not OccasionState.OPEN
            assert later.opened_at >= (earlier.completed_at or earlier.expires_at)


def test_no_invitation_left_outside_the_clinics_window(year):
    for at, _ in year.channel.sent:
        local = at.astimezone(COPENHAGEN)
        assert local.isoweekday() <= 5
        assert local.date() not in CLOSED
        assert 9 <= local.hour < 18


def test_every_occasion_was_sent_once(year):
    sent = Counter(one.occasion_id for _, one in year.channel.sent if one.reminds is None)
    a_while_ago = year.clock.now() - timedelta(days=5)
    opened = {one.id: one.opened_at for occasions in year.occasions().values() for one in occasions}

    assert set(sent.values()) == {1}
    assert {occasion_id for occasion_id, at in opened.items() if at < a_while_ago} <= sent.keys() <= opened.keys()


def test_only_who_has_not_answered_is_reminded_and_twice_at_most_from_the_third_day_on(year):
    taken_at = {one.key: at for at, one in year.channel.sent}
    answered_at = {one.id: one.completed_at for occasions in year.occasions().values() for one in occasions}
    reminders = [(at, one) for at, one in year.channel.sent if one.reminds]

    assert set(Counter(one.reminds for _, one in reminders).values()) == {1, 2}
    for at, one in reminders:
        assert at.astimezone(COPENHAGEN).date() - taken_at[one.reminds].astimezone(COPENHAGEN).date() >= timedelta(
            days=3
        )
        assert answered_at[one.occasion_id] is None or answered_at[one.occasion_id] > at


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
    """An order that came before the first questionnaires were due is about its own package."""
    both = [patient for patient in year.patients if len(patient.enrolled) == 2]
    seen = 0

    with year.look() as tx:
        for patient in both:
            slots = [slot for one in patient.enrolled for slot in tx.schedule.slots_of(one.enrolment_id)]
            first = min(slots, key=lambda slot: slot.due_at)
            if first.occasion_id and tx.schedule.series(first.series_id).occasion_kind == "start":
                assert len(tx.occasions.enrolments_of(first.occasion_id)) == 2
                seen += 1
    assert seen >= len(both) * 0.8
