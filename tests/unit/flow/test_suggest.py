"""Two results of one answer, after the text of docs/clinical and of the needs table: an alert, and the needs."""

from dataclasses import replace
from datetime import date

import pytest

from delivery.content import Content
from delivery.programme import Programmes
from delivery.schedule import OccasionState
from flow.enrol import EnrolmentOrder
from flow.suggest import Suggest
from scoring.levels import Colour
from tests.builders import CLINIC_ID, an_actor, an_opt_in
from tests.way import CONTENT, NANCY

LARGE_SUPPORT = {f"shk_{n}": 3 for n in range(1, 8)}


@pytest.fixture
def invited(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


def newest(way, enrolled):
    with way.look() as tx:
        return tx.suggestions.newest(enrolled.enrolment_id)


def colours(suggestion):
    return {dimension.id: dimension.colour.value for dimension in suggestion.needs.dimensions}


def answer(way, enrolled, *, support=None, grade=2, points=1):
    asked = way.asked(enrolled)
    for name, request in asked.items():
        given = {
            "mmrc": {"mrc_1": grade},
            "cat": {f"cat_{n}": points for n in range(1, 9)},
            "shk-draft": support or {},
        }
        way.fill(request, **given.get(name, {}))


def test_both_results_are_filed_with_their_rows_inputs_and_tables(way, invited):
    answer(way, invited, grade=3, points=2)

    suggestion = newest(way, invited)
    assert (suggestion.alert.table.id, suggestion.needs.table.id) == ("alert/kol", "needs/generic")
    # NK2 (CAT 10 or more), NK5 (MRC 3), NK9 and N09: one yellow burden, one yellow function.
    assert colours(suggestion) == {"burden": "YELLOW", "function": "YELLOW", "risk": "GREEN", "support": "GREEN"}
    rows = {dimension.id: [row.id for row in dimension.rows] for dimension in suggestion.needs.dimensions}
    assert rows == {"burden": ["NK2"], "function": ["NK5"], "risk": ["NK9"], "support": ["N09"]}
    assert suggestion.needs.inputs["cat"].value == 16
    assert suggestion.needs.inputs["cat"].response_id == suggestion.alert.inputs["cat"].response_id
    assert (suggestion.needs.part, suggestion.needs.level, suggestion.needs.level_row) == ("kol", 2, "V3")


@pytest.mark.parametrize("support", [{}, LARGE_SUPPORT], ids=["small need", "large need"])
def test_health_literacy_moves_needs_and_never_the_alert(way, invited, support):
    answer(way, invited, support=support, grade=3, points=3)

    suggestion = newest(way, invited)
    assert (suggestion.alert.colour, [row.id for row in suggestion.alert.rows]) == (Colour.YELLOW, ["K12", "K14"])
    assert not {"supportNeed", "impact"} & set(suggestion.alert.inputs)
    assert colours(suggestion)["support"] == ("RED" if support else "GREEN")


def test_an_unknown_required_dimension_leaves_the_level_open(way, invited):
    asked = way.asked(invited)
    for name in ("kol-status", "mmrc", "cat"):
        way.fill(asked[name])

    suggestion = newest(way, invited)
    support = next(one for one in suggestion.needs.dimensions if one.id == "support")
    assert (support.colour, [row.id for row in support.rows]) == (Colour.UNKNOWN, ["unknown:supportNeed"])
    assert (suggestion.needs.level, suggestion.needs.level_row) == (None, "V1")
    way.fill(asked["shk-draft"])
    assert (newest(way, invited).needs.level, newest(way, invited).n) == (1, 4)


def test_the_clinicians_part_of_a_decision_is_read_by_the_next_assessment_and_by_no_alert(way, invited):
    answer(way, invited)
    assert "clinician" not in colours(newest(way, invited))
    way.decided(invited, "GREEN", level=3, dimensions={"clinician": "RED"})
    way.clock.move(days=100)
    way.open_due()

    answer(way, invited)

    suggestion = newest(way, invited)
    assert colours(suggestion)["clinician"] == "RED"
    assert (suggestion.needs.inputs["clinicianColour"].value, suggestion.needs.level) == ("RED", 2)
    assert (suggestion.alert.colour, [row.id for row in suggestion.alert.rows]) == (Colour.GREEN, ["K99"])


def test_the_clinicians_part_is_left_out_when_it_is_too_old(way, invited):
    answer(way, invited)
    way.decided(invited, "GREEN", level=1, dimensions={"clinician": "RED"})
    for _ in range(2):
        way.clock.move(days=210)
        way.open_due()
        way.expire()
        way.open_due()
    answer(way, invited)

    assert "clinician" not in colours(newest(way, invited))


def test_changes_against_the_last_answer_and_the_decided_one_stand_in_the_inputs(way, invited):
    answer(way, invited, points=1)
    way.decided(invited, "GREEN", level=3)
    for points in (2, 3):
        way.clock.move(days=100)
        way.open_due()
        answer(way, invited, points=points)

    inputs = newest(way, invited).alert.inputs
    assert {name: inputs[name].value for name in ("cat", "catDeltaLast", "catDeltaBase")} == {
        "cat": 24,
        "catDeltaLast": 8,
        "catDeltaBase": 16,
    }


def test_what_was_answered_last_is_complete_and_what_is_open_is_not(way, invited):
    asked = way.asked(invited)
    first, *others = asked.values()
    way.fill(first)
    assert not newest(way, invited).complete

    for request in others:
        way.fill(request)

    assert newest(way, invited).complete
    assert way.occasion(invited).state is OccasionState.COMPLETED


def test_an_occasion_without_the_safety_screen_raises_no_alert_and_clears_none(way, invited):
    answer(way, invited)
    way.decided(invited, "GREEN", level=1, next_due=date(2028, 9, 1))
    way.clock.move(days=430)
    way.open_due()
    assert set(way.asked(invited)) == {"shk-draft"}

    answer(way, invited, support=LARGE_SUPPORT)

    suggestion = newest(way, invited)
    assert (suggestion.alert.colour, suggestion.alert.urgency, suggestion.alert.rows) == ("UNKNOWN", "routine", ())
    assert colours(suggestion)["support"] == "RED"


def test_a_programme_that_assesses_no_needs_has_an_alert_alone(way):
    bare = replace(CONTENT.programmes.newest("kol"), needs=None)
    free = CONTENT.programmes.newest("kol-free")
    content = Content(replace(CONTENT.released, programmes=Programmes((bare, free))))
    way.receive = replace(way.receive, suggest=Suggest(content))
    enrolled = way.enrolled()
    way.open_due()

    answer(way, enrolled)

    assert (newest(way, enrolled).needs, newest(way, enrolled).alert.colour) == (None, Colour.GREEN)


@pytest.fixture
def back(way):
    with way.store.write(CLINIC_ID, an_actor()) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", plan_target="lps-note"))
    enrolled = way.enrol(way.system, EnrolmentOrder(*NANCY, package="LRS"))
    way.open_due()
    return enrolled


def test_back_pain_has_no_level_before_the_function_form_of_day_14(way, back):
    for name, request in way.asked(back).items():
        way.fill(request, **({"nrs_pain": 7} if name == "nrs-pain" else {}))
    at_start = newest(way, back)

    way.clock.move(days=14)
    way.open_due()
    assert "rmdq23" in way.asked(back)
    for name, request in way.asked(back).items():
        way.fill(request, **({"nrs_pain": 7} if name == "nrs-pain" else {}))
    later = newest(way, back)

    assert (colours(at_start)["function"], at_start.needs.level) == ("UNKNOWN", None)
    assert (at_start.alert.phase, at_start.alert.incomplete) == ("start", False)
    assert colours(later) == {"burden": "RED", "function": "GREEN", "risk": "GREEN", "support": "GREEN"}
    assert (later.alert.phase, later.needs.level) == ("followup", 2)
