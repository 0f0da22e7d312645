"""A programme may state a fixed interval as a FHIR Timing; what a series cannot keep stops the start, by name."""

import json

import pytest

from delivery.programme import PROGRAMMES, parse_programme
from kernel.errors import ContentError
from tests.way import CONTENT
from web.fhir.plan_definition import plan_definition

YEARLY = {"repeat": {"frequency": 1, "period": 1, "periodUnit": "a"}}


def programme(timing, **other):
    fields = json.loads((PROGRAMMES / "kol-2.0.0.json").read_bytes())
    trigger = {"type": "every", "timing": timing, "status": "proposal", **other}
    fields["occasions"].append({"id": "yearly", "phase": "followup", "trigger": trigger, "ask": ["cat"]})
    return parse_programme(json.dumps(fields).encode(), "kol-2.0.0.json")


def test_a_yearly_timing_is_an_interval_of_twelve_months():
    (yearly,) = programme(YEARLY).fixed

    assert (yearly.id, yearly.trigger.months) == ("yearly", 12)


def test_the_plan_definition_gives_the_interval_back():
    plan = json.loads(plan_definition(programme(YEARLY), CONTENT))

    action = next(one for one in plan["action"] if one["id"] == "yearly")
    assert action["timingTiming"] == {"repeat": {"frequency": 1, "period": 12, "periodUnit": "mo"}}


@pytest.mark.parametrize(
    ("timing", "named"),
    [
        pytest.param({"repeat": {"period": 3}}, r"timing: Timing\.repeat\.period \(tim-2\)", id="no unit"),
        pytest.param({"repeat": {**YEARLY["repeat"], "count": 3}}, r"repeat\.count \(not-supported\)", id="count"),
        pytest.param({"repeat": {"period": 4, "periodUnit": "wk"}}, "months or years", id="weeks"),
        pytest.param(
            {"repeat": {**YEARLY["repeat"], "boundsPeriod": {"start": "2027-01-01"}}}, "boundsPeriod", id="bounds"
        ),
        pytest.param("yearly", "not-an-object", id="a word"),
    ],
)
def test_a_timing_that_a_series_cannot_keep_is_named(timing, named):
    with pytest.raises(ContentError, match=named):
        programme(timing)


def test_two_ways_to_say_the_interval_exclude_each_other():
    with pytest.raises(ContentError, match="unknown field months"):
        programme(YEARLY, months=12)
