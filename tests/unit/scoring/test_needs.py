"""Needs assessments from answers: section 7 of the content facts, with the boundary on both sides of every row."""

from datetime import timedelta
from typing import Any

import pytest

from kernel.ids import OccasionId
from scoring.evaluate_needs import assess
from scoring.given import given_needs
from scoring.levels import Colour
from scoring.timeline import Moment
from tests.unit.scoring.story import HERE, KOL, NEEDS, NOW, Story, code, number

G, Y, R, U = Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.UNKNOWN
LITERACY = {"slots": {"healthLiteracy": "shk-draft"}}
BACK = {"function": "rmdq23", "healthLiteracy": "shk-draft", "prognosis": "startback"}
BEST: dict[str, dict[str, Any]] = {
    "kol": {"cat": 9, "mrc": 2, "adm12": 0, "exac12": 1, "goldGroup": "A", "supportNeed": "small"},
    "kol-free": {"impact": 2, "mrc": 2, "adm12": 0, "exac12": 1, "goldGroup": "B", "supportNeed": "small"},
    "lrs": {"pain": 3, "limitation": "small", "prognosis": "low", "supportNeed": "small"},
    "lrs-free": {"pain": 3, "limitation": "small", "supportNeed": "small"},
}


def colours(part, **change):
    result = assess(NEEDS, part, given_needs(NEEDS, BEST[part] | change))
    return {one.id: one.colour for one in result.dimensions}, result.level


@pytest.mark.parametrize(
    ("part", "change", "dimension", "colour"),
    [
        ("kol", {"cat": 9}, "burden", G),
        ("kol", {"cat": 10}, "burden", Y),
        ("kol", {"cat": 30}, "burden", Y),
        ("kol", {"cat": 31}, "burden", R),
        ("kol", {"mrc": 2}, "function", G),
        ("kol", {"mrc": 3}, "function", Y),
        ("kol-free", {"mrc": 4}, "function", Y),
        ("kol-free", {"mrc": 5}, "function", R),
        ("kol", {"exac12": 1}, "risk", G),
        ("kol", {"exac12": 2}, "risk", R),
        ("kol", {"adm12": 1}, "risk", R),
        ("kol", {"goldGroup": "E"}, "risk", Y),
        ("kol", {"goldGroup": None}, "risk", G),
        ("kol-free", {"impact": 3}, "burden", Y),
        ("kol-free", {"impact": 5}, "burden", Y),
        ("kol-free", {"impact": 6}, "burden", R),
        ("lrs", {"pain": 4}, "burden", Y),
        ("lrs", {"pain": 6}, "burden", Y),
        ("lrs-free", {"pain": 7}, "burden", R),
        ("lrs", {"limitation": "some"}, "function", Y),
        ("lrs", {"limitation": "large"}, "function", R),
        ("lrs", {"prognosis": "medium"}, "risk", Y),
        ("lrs", {"prognosis": "high"}, "risk", R),
        ("lrs", {"supportNeed": "some"}, "support", Y),
        ("kol", {"supportNeed": "large"}, "support", R),
        ("kol", {"clinicianColour": "YELLOW"}, "clinician", Y),
    ],
)
def test_each_dimension_has_the_published_colour(part, change, dimension, colour):
    assert colours(part, **change)[0][dimension] is colour


@pytest.mark.parametrize(
    ("part", "change", "level"),
    [
        pytest.param("kol", {}, 1, id="nothing"),
        pytest.param("kol", {"cat": 10}, 1, id="one yellow"),
        pytest.param("kol", {"cat": 10, "mrc": 3}, 2, id="two yellow"),
        pytest.param("kol", {"cat": 31}, 2, id="one red"),
        pytest.param("kol", {"cat": 31, "mrc": 5}, 3, id="two red"),
        pytest.param("kol", {"adm12": 1}, 3, id="risk red"),
        pytest.param("lrs", {"prognosis": "high"}, 3, id="prognosis red"),
        pytest.param("lrs-free", {"pain": 7}, 2, id="no risk dimension"),
        pytest.param("kol", {"cat": 10, "clinicianColour": "YELLOW"}, 2, id="the clinician's part counts"),
        pytest.param("kol", {"clinicianColour": "GREEN"}, 1, id="the clinician's part never lowers"),
        pytest.param("kol", {"cat": 31, "clinicianColour": "RED"}, 3, id="the clinician's red"),
        pytest.param("kol", {"adm12": 1, "supportNeed": None}, None, id="unknown leaves it open"),
        pytest.param("kol", {"cat": None, "clinicianColour": "RED"}, None, id="whatever the clinician says"),
    ],
)
def test_the_level_follows_the_first_row_that_matches(part, change, level):
    assert colours(part, **change)[1] == level


def kol_story(*, exac=0, adm=0, cat=12):
    story = Story()
    story.cat(0, cat)
    story.answered("mmrc", 0, number("mrc", 2), number("mmrc", 1))
    story.answered("kol-status", 0, number("exac12", exac), number("adm12", adm))
    return story


@pytest.mark.parametrize(
    ("exac", "adm", "cat", "group"),
    [(0, 0, 9, "A"), (0, 0, 10, "B"), (1, 0, 9, "E"), (0, 1, 9, "E"), (None, 0, 9, None), (None, 1, 9, "E")],
)
def test_the_gold_group_is_derived_from_newest_answers_by_the_2026_edition(exac, adm, cat, group):
    used = kol_story(exac=exac, adm=adm, cat=cat).needs("kol", **LITERACY).inputs["goldGroup"]

    assert used.value == group
    assert used.state == ("missing" if group is None else "estimated" if exac is None else "present")


def test_scores_older_than_half_a_year_give_no_gold_group():
    story = Story()
    story.answered("kol-status", 181, number("exac12", 2), number("adm12", 2))

    used = story.needs("kol").inputs
    assert (used["goldGroup"].value, used["goldGroup"].state) == (None, "missing")
    assert used["adm12"].state == "stale"


@pytest.mark.parametrize(
    ("questionnaire", "score", "told", "need"),
    [
        ("shk-draft", "colour", "green", "small"),
        ("shk-draft", "colour", "yellow", "some"),
        ("shk-draft", "colour", "red", "large"),
        ("hls19-q12", "level", "excellent", "small"),
        ("hls19-q12", "level", "sufficient", "small"),
        ("hls19-q12", "level", "problematic", "some"),
        ("hls19-q12", "level", "inadequate", "large"),
        ("hls19-q12", "level", None, None),
    ],
)
def test_support_need_is_read_from_whichever_form_fills_the_slot(questionnaire, score, told, need):
    story = Story()
    story.answered(questionnaire, 400, code(score, told))

    result = story.needs("kol", slots={"healthLiteracy": questionnaire})
    assert result.inputs["supportNeed"].value == need
    assert story.needs("kol", slots={"healthLiteracy": "other"}).inputs["supportNeed"].state == "missing"


@pytest.mark.parametrize(
    ("questionnaire", "risk", "prognosis"),
    [
        ("startback", "low", "low"),
        ("startback", "medium", "medium"),
        ("startback", "high", "high"),
        ("ompsq10", "low", "low"),
        ("ompsq10", "high", "medium"),
    ],
)
def test_prognosis_is_read_from_whichever_screen_fills_the_slot(questionnaire, risk, prognosis):
    story = Story()
    story.answered(questionnaire, 3000, code("risk", risk))

    assert story.needs("lrs", slots=BACK | {"prognosis": questionnaire}).inputs["prognosis"].value == prognosis


def test_a_back_level_waits_for_the_function_form_of_day_fourteen():
    story = Story()
    story.pain(14, 5)
    story.answered("startback", 14, code("risk", "low"))
    story.answered("shk-draft", 14, code("colour", "green"))
    before = story.needs("lrs", slots=BACK)
    story.function(0, 10, "small")
    after = story.needs("lrs", slots=BACK)

    assert ({one.id: one.colour for one in before.dimensions}["function"], before.level) == (U, None)
    assert ({one.id: one.colour for one in after.dimensions}["function"], after.level) == (G, 1)


@pytest.mark.parametrize(("days", "is_there"), [(0, True), (400, True), (401, False)])
def test_the_clinicians_part_is_left_out_when_not_given_or_too_old(days, is_there):
    at = NOW - timedelta(days=days)

    result = kol_story().needs("kol", clinician_colour=Colour.YELLOW, clinician_at=at)

    assert ("clinician" in [one.id for one in result.dimensions]) is is_there
    assert "clinician" not in [one.id for one in kol_story().needs("kol").dimensions]
    assert Moment(NOW, "followup", OccasionId(HERE)).clinician_colour is None


@pytest.mark.parametrize(("form", "score"), [("shk-draft", "colour"), ("hls19-q12", "level")])
@pytest.mark.parametrize("told", ["green", "red", "excellent", "inadequate", None])
def test_health_literacy_never_moves_an_alert(form, score, told):
    story = kol_story()
    before = story.alert(KOL)
    story.answered(form, 0, code(score, told))

    assert story.alert(KOL, slots={"healthLiteracy": form}) == before


def test_an_assessment_says_which_table_gave_it_and_what_colours_mean():
    result = kol_story().needs("kol", **LITERACY)

    assert (result.part, result.table) == ("kol", NEEDS.version)
    assert NEEDS.meaning[Colour.RED].en == "large need"
    assert (NEEDS.valid_months, result.level_row) == (12, "V1")


def test_slow_drift_of_cat_is_found_from_thirteen_on_until_decided():
    story = Story()
    story.decided(390, story.cat(400, 8), valid_days=3650)
    colours_seen = []
    for step, days in enumerate(range(380, 300, -10), start=9):
        story.cat(days, step)
        newest = Story(list(story.responses), list(story.decisions))
        newest.cat(0, step)
        rows = [row.id for row in newest.alert(KOL).rows]
        colours_seen.append((step, "K07" in rows, "K06" in rows))

    assert colours_seen == [(step, step >= 13, False) for step in range(9, 17)]
    story.decided(300, story.responses[-1].id, valid_days=3650)
    story.cat(0, 16)
    assert "K07" not in [row.id for row in story.alert(KOL).rows]
