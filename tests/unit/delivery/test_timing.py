"""FHIR Timing: what a series can keep is read, every invariant of R4 is checked, the rest is refused by name."""

import json
from datetime import date
from decimal import Decimal

import pytest

from delivery.recurrence import nominal_date
from delivery.timing import REFUSED, REFUSED_AROUND, read_timing, timing_of
from kernel.errors import InvalidInputError

GOOD = {"frequency": 1, "period": 3, "periodUnit": "mo"}


def repeat(**changes):
    return {"repeat": {**GOOD, **changes}}


def issues(value):
    with pytest.raises(InvalidInputError) as caught:
        read_timing(value)
    return [(issue.rule, issue.expression) for issue in caught.value.issues]


def rules(value):
    return {rule for rule, _ in issues(value)}


@pytest.mark.parametrize(
    ("period", "unit", "months", "third"),
    [
        pytest.param(1, "mo", 1, date(2027, 4, 30), id="months are clamped"),
        pytest.param(3, "mo", 3, date(2027, 10, 31), id="quarters"),
        pytest.param(1, "a", 12, date(2030, 1, 31), id="years"),
        pytest.param(4, "wk", None, date(2027, 4, 25), id="weeks"),
        pytest.param(10, "d", None, date(2027, 3, 2), id="days"),
        pytest.param(Decimal("6.0"), "mo", 6, date(2028, 7, 31), id="a whole decimal"),
    ],
)
def test_a_period_is_read_and_counted_from_the_anchor(period, unit, months, third):
    read = read_timing(repeat(period=period, periodUnit=unit))

    assert read.months == months
    assert read.date(date(2027, 1, 31), 3) == third


def test_the_frequency_may_be_left_out_because_its_default_is_one():
    assert read_timing({"repeat": {"period": 1, "periodUnit": "a"}}).months == 12


def test_bounds_are_dates():
    read = read_timing(repeat(boundsPeriod={"start": "2027-01-01", "end": "2027-12-31"}))

    assert (read.starts, read.ends) == (date(2027, 1, 1), date(2027, 12, 31))
    assert read_timing(repeat()).starts is None


@pytest.mark.parametrize("months", range(1, 37))
def test_what_we_write_is_read_back(months):
    read = read_timing(json.loads(json.dumps(timing_of(months))))

    assert read.date(date(2027, 8, 31), 5) == nominal_date(date(2027, 8, 31), 5, months)


@pytest.mark.parametrize(
    ("rule", "broken", "kept"),
    [
        pytest.param("tim-1", {"duration": 5}, {"duration": 5, "durationUnit": "min"}, id="tim-1"),
        pytest.param("tim-2", {"periodUnit": None}, {}, id="tim-2"),
        pytest.param("tim-4", {"duration": -1, "durationUnit": "h"}, {"duration": 0, "durationUnit": "h"}, id="tim-4"),
        pytest.param("tim-5", {"period": -1}, {"period": 0}, id="tim-5"),
        pytest.param("tim-6", {"period": None, "periodMax": 2}, {"periodMax": 4}, id="tim-6"),
        pytest.param("tim-7", {"durationMax": 2}, {"duration": 1, "durationUnit": "h", "durationMax": 2}, id="tim-7"),
        pytest.param("tim-8", {"countMax": 2}, {"count": 1, "countMax": 2}, id="tim-8"),
        pytest.param("tim-9", {"offset": 30}, {"offset": 30, "when": ["HS"]}, id="tim-9 without an event"),
        pytest.param("tim-9", {"offset": 30, "when": ["HS", "CD"]}, {"when": ["CD"]}, id="tim-9 at a meal"),
        pytest.param("tim-10", {"timeOfDay": ["09:00:00"], "when": ["HS"]}, {"timeOfDay": ["09:00:00"]}, id="tim-10"),
    ],
)
def test_every_invariant_is_checked_on_both_sides(rule, broken, kept):
    def timing(changes):
        return {"repeat": {name: value for name, value in {**GOOD, **changes}.items() if value is not None}}

    assert rule in rules(timing(broken))
    found = rules(timing(kept)) if kept else set()
    assert rule not in found


@pytest.mark.parametrize("name", REFUSED)
def test_an_element_that_a_series_cannot_keep_is_refused_by_name(name):
    assert ("not-supported", f"Timing.repeat.{name}") in issues(repeat(**{name: 1}))


@pytest.mark.parametrize("name", REFUSED_AROUND)
def test_so_is_what_stands_beside_the_repeat(name):
    assert issues({**repeat(), name: []}) == [("not-supported", f"Timing.{name}")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param(repeat(frequency=2), ("not-supported", "Timing.repeat.frequency"), id="twice a period"),
        pytest.param(repeat(frequency=True), ("not-supported", "Timing.repeat.frequency"), id="true is not one"),
        pytest.param(repeat(period=0), ("period", "Timing.repeat.period"), id="no period"),
        pytest.param(repeat(period=Decimal("1.5")), ("period", "Timing.repeat.period"), id="one and a half"),
        pytest.param(repeat(period="3"), ("period", "Timing.repeat.period"), id="a text"),
        pytest.param(repeat(period=True), ("period", "Timing.repeat.period"), id="true"),
        pytest.param(repeat(periodUnit="xx"), ("unit", "Timing.repeat.periodUnit"), id="no unit"),
        pytest.param(repeat(periodUnit="h"), ("not-supported", "Timing.repeat.periodUnit"), id="hours"),
        pytest.param(repeat(often=1), ("unknown-element", "Timing.repeat.often"), id="unknown"),
        pytest.param({**repeat(), "often": 1}, ("unknown-element", "Timing.often"), id="unknown around"),
        pytest.param(repeat(boundsPeriod=[]), ("not-an-object", "Timing.repeat.boundsPeriod"), id="bounds"),
        pytest.param(
            repeat(boundsPeriod={"start": "2027-01"}), ("date", "Timing.repeat.boundsPeriod.start"), id="a month"
        ),
        pytest.param(repeat(boundsPeriod={"end": 2027}), ("date", "Timing.repeat.boundsPeriod.end"), id="a number"),
        pytest.param(
            repeat(boundsPeriod={"start": "2027-02-01", "end": "2027-01-31"}),
            ("per-1", "Timing.repeat.boundsPeriod"),
            id="backwards",
        ),
        pytest.param({}, ("required", "Timing.repeat"), id="no repeat"),
        pytest.param({"repeat": 3}, ("required", "Timing.repeat"), id="no object"),
        pytest.param([], ("not-an-object", "Timing"), id="a list"),
    ],
)
def test_what_is_not_understood_is_named(value, found):
    assert issues(value) == [found]


def test_every_fault_is_named_at_once():
    wrong = {"repeat": {"frequency": 2, "period": -4, "when": ["C"], "timeOfDay": ["09:00:00"], "offset": 5}}

    assert rules(wrong) == {"not-supported", "tim-2", "tim-5", "tim-9", "tim-10", "period", "unit"}
