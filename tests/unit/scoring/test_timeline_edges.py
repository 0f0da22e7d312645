"""Edges of what a table looks back at: names, ages, the very moment of an episode, and news of one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.errors import InvalidInputError
from kernel.ids import OccasionId, ResponseId
from scoring.given import given_inputs
from scoring.levels import Colour
from scoring.timeline import Moment, needs_inputs
from tests.unit.scoring.story import HERE, KOL, LRS, NEEDS, NOW, Story, code, number


def needs_of(story, part="kol", **moment):
    return needs_inputs(replace(NEEDS), part, Moment(NOW, "followup", OccasionId(HERE), **moment), story.history())


def test_every_input_bears_its_name_whether_known_or_not():
    story = Story()
    story.cat(3, 12)
    story.kol(0)
    known = needs_of(story, clinician_colour=Colour.GREEN, clinician_at=NOW)

    assert {name: one.name for name, one in story.inputs().items()} == {name: name for name in KOL.inputs}
    assert {name: one.name for name, one in Story().inputs(LRS).items()} == {name: name for name in LRS.inputs}
    assert {name: one.name for name, one in known.items()} == {name: name for name in known}


def test_an_unfilled_slot_is_missing():
    used = Story().inputs(LRS)

    assert {one.state for name, one in used.items() if name != "assessed"} == {"missing"}


def clinician_after(days, *, more=timedelta(0)):
    return needs_of(Story(), clinician_colour=Colour.YELLOW, clinician_at=NOW - timedelta(days=days) - more)


def test_the_clinicians_colour_is_present_until_it_is_too_old():
    (name,) = (one.name for one in NEEDS.inputs_of("kol").values() if one.source.score == "clinician")
    days = NEEDS.inputs[name].valid_days
    assert days is not None

    fresh, last = clinician_after(0)[name], clinician_after(days)[name]
    stale = clinician_after(days, more=timedelta(microseconds=1))[name]

    assert (fresh.value, fresh.state) == (last.value, last.state) == (Colour.YELLOW, "present")
    assert (stale.name, stale.value, stale.state) == (name, None, "stale")


def test_a_clinicians_colour_that_was_not_given_is_missing():
    (name,) = (one.name for one in NEEDS.inputs_of("kol").values() if one.source.score == "clinician")

    assert (needs_of(Story())[name].value, needs_of(Story())[name].state) == (None, "missing")


@pytest.mark.parametrize(("cat", "mmrc", "age"), [(0, 0, 0), (3, 0, 3), (0, 5, 5), (-1, 0, 0)])
def test_a_derived_score_is_as_old_as_the_oldest_answer_that_it_is_made_of(cat, mmrc, age):
    story = Story()
    story.cat(cat, 12)
    story.answered("mmrc", mmrc, number("mmrc", 0))
    story.answered("kol-status", 0, number("exac12", 0), number("adm12", 0))

    used = needs_of(story)["goldGroup"]

    assert (used.name, used.value, used.state, used.age_days) == ("goldGroup", "B", "present", age)


@pytest.mark.parametrize(("more", "found"), [(timedelta(0), "B"), (timedelta(microseconds=1), None)], ids=str)
def test_an_answer_counts_for_a_derived_score_to_its_last_moment(more, found):
    days = NEEDS.inputs["goldGroup"].valid_days
    assert days is not None
    story = Story()
    story.cat(days, 12)
    story.answered("mmrc", days, number("mmrc", 0))
    story.answered("kol-status", days, number("exac12", 0), number("adm12", 0))
    story.responses = [replace(one, answered_at=one.answered_at - more) for one in story.responses]

    assert needs_of(story)["goldGroup"].value == found


def test_a_derived_score_of_nothing_has_no_age():
    used = needs_of(Story())["goldGroup"]

    assert (used.value, used.state, used.age_days) == (None, "missing", None)


def test_where_the_episode_has_no_answer_yet_an_older_one_still_counts_without_a_baseline():
    story = Story()
    story.cat(5, 12)
    story.decided(2, ResponseId("elsewhere"), new_episode=True)

    inputs = story.inputs()

    assert inputs["cat"].value == 12
    assert (inputs["catDeltaBase"].value, inputs["catDeltaLast"].value) == (None, None)


def test_the_answer_of_this_occasion_is_found_behind_later_ones_of_others():
    story = Story()
    story.answered("kol-status", 1, code("danger", "yes"), occasion=HERE)
    story.answered("kol-status", 0, code("danger", "no"), occasion="other")
    assert story.value("danger") == "yes"

    story.answered("kol-status", 0, code("danger", "no"), occasion="another")
    assert story.value("danger") == "yes"


def test_of_two_answers_that_one_decision_was_made_on_the_newer_is_the_baseline():
    story = Story()
    older, newer = story.cat(20, 10), story.cat(15, 14)
    story.decided(10, older, newer)
    story.cat(0, 16)

    assert story.value("catDeltaBase") == 2


@pytest.mark.parametrize(("before", "now", "more"), [(0, 1, 1), (0, 2, 2), (1, 1, 0), (2, 1, 0)])
def test_a_rise_counts_from_one_and_a_fall_is_none(before, now, more):
    story = Story()
    first = story.kol(100, adm12=before)
    story.decided(90, first)
    story.kol(0, adm12=now)

    assert story.value("adm12New") == more


@pytest.mark.parametrize(("later", "value"), [(timedelta(0), 12), (timedelta(microseconds=1), None)], ids=str)
def test_an_answer_of_the_very_moment_when_the_episode_began_belongs_to_it(later, value):
    one = replace(KOL.inputs["cat"], this_episode=True)
    table = replace(KOL, inputs={**KOL.inputs, "cat": one})
    story = Story()
    story.cat(5, 12)
    decision = ResponseId("elsewhere")
    story.decided(5, decision, new_episode=True)
    story.decisions[0] = replace(story.decisions[0], decided_at=NOW - timedelta(days=5) + later)

    assert story.inputs(table)["cat"].value == value


def test_what_is_given_outright_and_does_not_fit_is_named_by_input():
    with pytest.raises(InvalidInputError) as caught:
        given_inputs(KOL, {"mood": 1, "cat": 41, "danger": "yes"}, ages={"2512489996": 3})

    told = [(one.code, one.rule, one.expression, one.text) for one in caught.value.issues]
    assert told == [
        ("value", "unknown-input", None, "The table has no such input."),
        ("value", "unknown-input", None, "The table has no such input."),
        ("value", "out-of-domain", "cat", "The value lies outside the domain."),
    ]
