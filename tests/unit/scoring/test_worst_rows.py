"""Of several rows the worst is advised wherever it stands; what an input may read of an instrument."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations

import pytest

from kernel.errors import ContentError
from questionnaires.model import Text
from scoring.evaluate import advised, automatic_row, worst_colour
from scoring.input_checks import check_produced
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow, UsedInput
from tests.unit.scoring.content import CATALOGUE, label, load, small_rule, small_score
from tests.unit.scoring.small_scores import FORM
from tests.unit.scoring.story import NEEDS, Story

WORDS = Text("", "")
LRS = CATALOGUE.table("alert/lrs")
RULES = CATALOGUE.newest_rules()


def row(colour, urgency, name="x"):
    return MatchedRow(name, colour, urgency, WORDS, WORDS)


SOON = row(Colour.YELLOW, Urgency.WITHIN_2_WEEKS, "soon")
LATER = row(Colour.YELLOW, Urgency.PLANNED_4_WEEKS, "later")
NOW = row(Colour.RED, Urgency.SAME_DAY, "now")
LATER_RED = row(Colour.RED, Urgency.WITHIN_2_WEEKS, "red")


@pytest.mark.parametrize("order", list(permutations([SOON, LATER, NOW, LATER_RED])), ids=lambda rows: rows[0].id)
def test_the_worst_colour_and_then_the_worst_urgency_is_advised_whatever_the_order(order):
    assert advised(order).id == "now"
    assert worst_colour(order) is Colour.RED


@pytest.mark.parametrize(
    ("rows", "found"),
    [((LATER, SOON), "soon"), ((SOON, LATER), "soon"), ((SOON, LATER_RED), "red"), ((LATER,), "later")],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_of_two_the_worse_is_advised_and_one_alone_is(rows, found):
    assert advised(rows).id == found


def test_of_equals_the_first_is_advised():
    assert advised((SOON, replace(SOON, id="again"))).id == "soon"
    assert advised((LATER, SOON, replace(SOON, id="again"))).id == "soon"


@pytest.mark.parametrize("state", ["missing", "stale"])
def test_a_required_input_without_a_value_is_told_by_its_own_row(state):
    kol = CATALOGUE.table("alert/kol")
    one = kol.inputs["cat"]

    for phase in kol.phases:
        found = automatic_row(kol.unknown, one, UsedInput("cat", None, state), phase=phase)
        assert found == (kol.unknown["cat", state] if one.required[phase] else None)
    assert kol.unknown["cat", "missing"].reason != kol.unknown["cat", "stale"].reason


def verdict_of(use, questionnaire):
    one = LRS.inputs["functionWorseLast"]
    check_produced(replace(one, source=replace(one.source, use=use)), questionnaire, RULES, "x")


def test_an_instrument_without_a_limit_of_real_worsening_can_still_say_that_it_is_worse():
    assert RULES["nrs-pain"].change is not None
    assert not RULES["nrs-pain"].change.knows_real

    verdict_of("worse", "nrs-pain")
    verdict_of("real-worse", "rmdq23")
    with pytest.raises(ContentError, match="T1: the instrument has no rule for this change"):
        verdict_of("real-worse", "nrs-pain")


@pytest.mark.parametrize("questionnaire", ["lrs-flags", "nobody"])
def test_an_instrument_without_a_rule_of_change_cannot(questionnaire):
    with pytest.raises(ContentError, match=r"^x: T1: the instrument has no rule for this change$"):
        verdict_of("worse", questionnaire)


def test_the_words_of_a_band_are_those_of_the_file_for_the_clinic_and_for_the_patient(tmp_path):
    band = {"code": "low", "when": {"all": [{"input": "total", "op": ">=", "value": 0}]}}
    told = {**band, "clinician": label("for the clinic"), "patient": label("for the patient")}
    (rule,) = load(tmp_path, small_rule(small_score("sum", ["a"], [0, 2], bands=[told])), registry=FORM).rules()

    words = rule.band_label("total", "low")

    assert words is not None
    assert (words.clinician.da, words.patient.da) == ("for the clinic", "for the patient")


def test_a_table_may_reach_both_ends_of_its_range(tmp_path):
    total = small_score("sum", ["a"], [0, 2])
    one = {
        **small_score("lookup", ["a"], [0, 100], id="t", of="total", decimals=1, table={"0": 0, "1": 50, "2": 100}),
        "missing": {"strategy": "inputs", "needs": ["total"]},
    }
    content = small_rule(total, one)
    content["vectors"][0]["scores"]["t"]["reason"] = "input-missing"

    (rule,) = load(tmp_path, content, registry=FORM).rules()

    assert rule.scores["t"].table == {0: Fraction(0), 1: Fraction(50), 2: Fraction(100)}


def test_a_dimension_bears_its_title_and_says_whether_it_is_required():
    wanted = {one.id: (one.title, one.required) for one in NEEDS.parts["kol"]}

    found = Story().needs("kol").dimensions

    assert {one.id for one in found} >= {name for name, (_, is_required) in wanted.items() if is_required}
    assert {one.id: (one.title, one.required) for one in found} == {one.id: wanted[one.id] for one in found}
