"""Who is told of a red that waits, and when: both limits on both sides, while the clinic is open and when it is not."""

from datetime import UTC, datetime, timedelta

import pytest

from delivery.escalation import ClinicEscalation, Clocks, EscalationLimits, OpenRed, Review, Step, Why, review
from delivery.escalation_file import load_escalation, parse_escalation
from delivery.opening import minutes_open
from delivery.parties import Window
from kernel.errors import ContentError
from kernel.ids import EnrolmentId, EscalationId, PersonId, SuggestionId

MONDAY = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
"""Ten o'clock in Copenhagen."""
ALWAYS = Window(0, 1440, frozenset(range(1, 8)), on_holidays=True)
WEEKDAYS = Window()
LIMITS = EscalationLimits("1.0.0", timedelta(minutes=15), timedelta(minutes=120), timedelta(minutes=60))
TICK = timedelta(microseconds=1)


def minutes(count):
    return timedelta(minutes=count)


def red(since=MONDAY, **others):
    values = {"steps": {}, "received": True}
    return OpenRed(EscalationId("r"), EnrolmentId("e"), SuggestionId("s"), since, **{**values, **others})


def looked(at, window=ALWAYS, own=None, **others):
    return review(red(**others), Clocks(LIMITS, own or ClinicEscalation(), window), at)


def test_a_red_that_was_received_waits_for_a_decision_until_the_limit():
    due = MONDAY + minutes(120)

    assert looked(MONDAY) == Review(None, None, due)
    assert looked(due - TICK) == Review(None, None, due)
    assert looked(due) == Review(Step.PERSON, Why.NOT_DECIDED, due)


def test_a_red_that_was_not_received_waits_a_quarter_of_an_hour():
    due = MONDAY + minutes(15)

    assert looked(due - TICK, received=False) == Review(None, None, due)
    assert looked(due, received=False) == Review(Step.PERSON, Why.NOT_RECEIVED, due)


def test_not_received_counts_at_night_and_not_decided_does_not():
    friday_evening = datetime(2027, 1, 15, 20, 0, tzinfo=UTC)

    assert looked(friday_evening + minutes(15), WEEKDAYS, since=friday_evening, received=False).step is Step.PERSON
    monday = looked(friday_evening + minutes(15), WEEKDAYS, since=friday_evening)
    assert monday == Review(None, None, datetime(2027, 1, 18, 10, 0, tzinfo=UTC))


def test_the_clinics_own_limit_takes_the_place_of_the_usual_one():
    own = ClinicEscalation(PersonId("p"), 30)

    assert looked(MONDAY + minutes(30) - TICK, own=own).step is None
    assert looked(MONDAY + minutes(30), own=own).step is Step.PERSON


def test_the_operator_follows_an_hour_after_the_person_where_nobody_decides():
    told = MONDAY + minutes(120)
    steps = {Step.PERSON: told}

    assert looked(told, steps=steps) == Review(None, None, told + minutes(60))
    assert looked(told + minutes(60) - TICK, steps=steps).step is None
    assert looked(told + minutes(60), steps=steps) == Review(Step.OPERATOR, Why.NOT_DECIDED, told + minutes(60))


def test_the_operator_follows_an_hour_after_the_person_where_it_is_still_not_received():
    told = MONDAY + minutes(15)
    found = looked(told + minutes(60), steps={Step.PERSON: told}, received=False)

    assert (found.step, found.why) == (Step.OPERATOR, Why.NOT_RECEIVED)


def test_a_red_that_was_received_late_has_the_whole_limit_before_the_operator_is_told():
    told = MONDAY + minutes(15)

    assert looked(told + minutes(60), steps={Step.PERSON: told}) == Review(None, None, MONDAY + minutes(180))
    assert looked(MONDAY + minutes(180), steps={Step.PERSON: told}).why is Why.NOT_DECIDED


def test_after_the_operator_nobody_is_told_again():
    steps = {Step.PERSON: MONDAY, Step.OPERATOR: MONDAY}

    assert looked(MONDAY + timedelta(days=99), steps=steps, received=False) == Review(None, None, None)


@pytest.mark.parametrize(
    ("since", "length", "expected"),
    [
        pytest.param("2027-01-11T09:00", 60, "2027-01-11T10:00", id="within the day"),
        pytest.param("2027-01-11T16:30", 30, "2027-01-11T17:00", id="to the very end"),
        pytest.param("2027-01-11T16:30", 31, "2027-01-12T08:01", id="over night"),
        pytest.param("2027-01-11T05:00", 30, "2027-01-11T08:30", id="before opening"),
        pytest.param("2027-01-15T16:00", 120, "2027-01-18T09:00", id="over the weekend, quiet hours count"),
        pytest.param("2027-03-24T16:30", 60, "2027-03-30T07:30", id="over Easter and the change of the clocks"),
    ],
)
def test_time_counts_while_the_clinic_is_open(since, length, expected):
    moments = [datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (since, expected)]

    assert minutes_open(moments[0], minutes(length), WEEKDAYS) == moments[1]


def test_time_counts_round_the_clock_where_the_clinic_never_closes():
    assert minutes_open(MONDAY, timedelta(days=3, minutes=7), ALWAYS) == MONDAY + timedelta(days=3, minutes=7)
    assert minutes_open(MONDAY, timedelta(0), WEEKDAYS) == MONDAY


def test_the_limits_are_content_with_a_version():
    limits = load_escalation()

    assert (limits.version, limits.received) == ("1.0.0", minutes(15))
    assert min(limits.decided, limits.operator) > timedelta(0)


@pytest.mark.parametrize("wrong", [0, -5, 1.5, "15", None, True])
def test_a_limit_that_is_none_stops_the_start(wrong):
    raw = repr({
        "id": "escalation", "version": "1.0.0", "status": "x", "approval": {}, "sources": [], "licence": "x",
        "receivedMinutes": 15, "decidedMinutes": wrong, "operatorMinutes": 60,
    })  # fmt: skip
    raw = raw.replace("'", '"').replace("None", "null").replace("True", "true")

    with pytest.raises(ContentError, match="decidedMinutes"):
        parse_escalation(raw.encode(), "escalation-1.0.0.json")
