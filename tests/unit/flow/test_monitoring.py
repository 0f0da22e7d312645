"""A month's figures, counted from what happened: each by its own definition, whole and by package."""

from datetime import date

import pytest

from delivery.monitoring import By
from delivery.schedule import EnrolmentState
from flow.actions import MoveAction
from flow.enrol import EnrolmentOrder
from flow.enrolment_state import ChangeEnrolmentState
from flow.monitoring import ALL, Monitor
from kernel.errors import AccessError, InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor
from tests.unit.flow.two_patients import ANNUAL_CHECK, SVERRE
from tests.way import CONTENT

JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)


@pytest.fixture
def month(way):
    """Return the figures of a month: measure -> part, whole, value rounded."""

    def month(first=JANUARY, package=ALL):
        lines = Monitor(way.store, CONTENT, way.clock)(way.doctor, first).packages[package]
        return {line.measure.id: _told(line.whole) for line in lines}

    return month


@pytest.fixture
def two(way):
    """One patient whose answers are yellow, and one who is silent."""
    first = way.enrolled()
    second = way.enrol(way.system, EnrolmentOrder(*SVERRE, "KOL"))
    way.open_due()
    way.answer_all(first, points=5, grade=4)
    return first, second


def _told(figure):
    return figure.part, figure.of, None if figure.value is None else round(float(figure.value), 1)


def test_before_anything_happened_there_is_nothing_to_divide_by(month):
    assert month() == {
        "enrolled": (0, None, 0.0),
        "needs-assessed": (0, 0, None),
        "level-set": (0, 0, None),
        "annual-control": (0, 0, None),
        "not-answered": (0, 0, None),
        "unmatched": (0, None, 0.0),
        "undelivered": (0, None, 0.0),
        "alerts": (0, 0, None),
        "acted-on": (0, 0, None),
        "override": (0, 0, None),
        "time-to-handled": (0, None, None),
    }


def test_who_is_enrolled_assessed_levelled_and_controlled_is_counted_at_the_month_s_end(way, two, month):
    decision = way.decided(two[0], "YELLOW", level=2, actions=(ANNUAL_CHECK,))
    assert [month()[name] for name in ("enrolled", "needs-assessed", "level-set", "annual-control")] == [
        (2, None, 2.0),
        (1, 2, 50.0),
        (1, 2, 50.0),
        (0, 2, 0.0),
    ]

    MoveAction(way.store)(way.doctor, decision.actions[0].id, "completed")

    assert month()["annual-control"] == (1, 2, 50.0)
    assert month(package="KOL") == {**month(), "unmatched": (0, None, 0.0)}


def test_within_a_year_ends_with_the_twelfth_month(way, two, month):
    way.decided(two[0], "YELLOW", level=2)
    way.clock.move(days=400)

    december, january = (month(first) for first in (date(2027, 12, 1), date(2028, 1, 1)))

    assert (december["needs-assessed"], december["level-set"]) == ((1, 2, 50.0), (1, 2, 50.0))
    assert (january["needs-assessed"], january["level-set"]) == ((0, 2, 0.0), (0, 2, 0.0))


def test_whoever_ended_since_was_enrolled_then(way, two, month):
    way.clock.move(days=31)
    ChangeEnrolmentState(way.store, CONTENT)(way.doctor, two[1].enrolment_id, EnrolmentState.ENDED)

    assert (month(JANUARY)["enrolled"][0], month(FEBRUARY)["enrolled"][0]) == (2, 1)


def test_the_silent_are_counted_in_the_month_of_their_deadline_by_age_and_channel(way, two):
    way.clock.move(days=60)
    way.expire()
    with way.look() as tx:
        deadline = tx.occasions.newest_of(two[1].patient_ref).expires_at
    assert deadline.date() == date(2027, 2, 1)
    monitor = Monitor(way.store, CONTENT, way.clock)

    january, february = (_not_answered(monitor(way.doctor, first)) for first in (JANUARY, FEBRUARY))

    # Nancy, born 1948, answered in January; Sverre, born 1990, let the deadline in February pass.
    assert (january.whole.part, january.whole.of) == (0, 1)
    assert {group: one.of for group, one in january.parts[By.AGE].items()} == {"75-84": 1}
    assert (february.whole.part, february.whole.of) == (1, 1)
    assert {group: one.part for group, one in february.parts[By.AGE].items()} == {"0-49": 1}
    assert {group: one.part for group, one in february.parts[By.CHANNEL].items()} == {"webpatient": 1}
    assert "Sverre" not in repr(february)


def _not_answered(figures):
    return next(one for one in figures.packages["KOL"] if one.measure.id == "not-answered")


def test_alerts_are_set_against_answers_and_count_as_acted_on_by_a_decision(way, two, month):
    assert (month()["alerts"], month()["acted-on"]) == ((1, 1, 100.0), (0, 1, 0.0))

    way.decided(two[0], "RED")

    assert (month()["alerts"], month()["acted-on"]) == ((1, 1, 100.0), (1, 1, 100.0))


@pytest.mark.parametrize(("colour", "found"), [("YELLOW", (0, 1, 0.0)), ("GREEN", (1, 1, 100.0))])
def test_another_colour_than_suggested_is_an_override(way, two, month, colour, found):
    with way.look() as tx:
        assert tx.suggestions.newest(two[0].enrolment_id).alert.colour == "YELLOW"

    way.decided(two[0], colour)

    assert month()["override"] == found


def test_time_runs_from_the_answer_to_the_first_decision(way, two, month):
    way.clock.move(hours=5)
    first = way.decided(two[0], "RED")
    way.clock.move(hours=90)
    way.decided(two[0], "YELLOW", amends=first.id)

    assert month()["time-to-handled"] == (1, None, 5.0)


@pytest.mark.parametrize("first", [date(2025, 12, 1), date(2027, 2, 1)], ids=["before the service", "to come"])
def test_a_month_of_which_there_can_be_nothing_is_refused(month, first):
    with pytest.raises(InvalidInputError):
        month(first)


def test_counts_name_nobody_and_patients_see_none(way, two):
    monitor = Monitor(way.store, CONTENT, way.clock)
    monitor(an_actor(Role.CLINIC_ADMIN))

    with way.store.read(CLINIC_ID, way.system) as tx:
        (event,) = [one for one in tx.audit.events() if one.entity == "Monitoring"]
    assert (event.patients, event.purpose) == ((), "quality")
    with pytest.raises(AccessError):
        monitor(an_actor(Role.PATIENT))
