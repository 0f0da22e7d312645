"""Edges of rules: constants of operations, codes that nothing gives, rows of one parameter only, maps of bands."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.given import given_inputs
from scoring.input_checks import check_input, check_produced
from scoring.matched import UsedInput
from scoring.missing import MissingRule
from scoring.operations import Constants
from scoring.points import Points
from scoring.score_file import read_definition, read_score
from scoring.scores import Given, computed
from scoring.table_input import CodeMap
from tests.unit.questionnaires.forms import choice, item, registry, when
from tests.unit.scoring.content import CATALOGUE, load, nothing, small_rule, small_score
from tests.unit.scoring.small_scores import FORM, GAPS, ITEMS, REST, TOTAL, at_least, decision, made, vectors, words

(SMALL,) = FORM.all()


def fields(raw):
    return Fields.of_bytes(json.dumps(raw).encode(), "f.json")


DECREMENTS = {"a": {"0": 0, "1": 41, "2": 220}}


def constants_of(op, items, ends, **more):
    return read_score(fields(small_score(op, items, ends, **more)), SMALL, Points({}, {}), {}).constants


@pytest.mark.parametrize(
    ("op", "ends", "more", "found"),
    [
        ("sum", [0, 2], {}, Constants(highest=2)),
        ("mean", [0, 2], {}, Constants(highest=2)),
        ("value", [1, 3], {"offset": 1}, Constants(offset=1, highest=2)),
        ("share-ge", [0, 100], {"cut": 1, "multiply": 100}, Constants(multiply=100, highest=1)),
        ("percent-of-max", [0, 100], {}, Constants(highest=2)),
        ("one-minus-decrements", [0, 1], {"per": 1000, "decrements": DECREMENTS}, Constants(per=1000, highest=220)),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_an_operation_has_the_constants_of_its_score_and_no_others(op, ends, more, found):
    assert constants_of(op, ["a"], ends, **more) == found


def test_a_profile_has_a_place_for_each_item_in_a_base_of_its_own():
    told = small_score("profile", ["a", "b"], [0, 1], type="category")
    del told["decimals"], told["unit"]

    found = read_score(fields({**told, "range": {"pattern": "[0-2]{2}"}}), SMALL, Points({}, {}), {})

    assert found.constants.places == 2
    assert found.constants.base == 4  # points 0 to 2, and one more for an answer that is not there


def test_decrements_of_an_item_are_named_by_it():
    with pytest.raises(ContentError, match=r"^f\.json\.decrements\.a: points for each option is expected$"):
        constants_of("one-minus-decrements", ["a"], [0, 1], per=1000, decrements={"a": {"0": 0}})


@pytest.mark.parametrize("ends", [["x", 1], [0, "x"], [0, 1.5], [0.5, 1], [True, 1]], ids=str)
def test_both_ends_of_a_range_are_numbers(ends):
    with pytest.raises(
        ContentError, match=r"^f\.json\.range: lowest and highest value, whole or a fraction, is expected$"
    ):
        constants_of("sum", ["a"], ends)


NOTHING_AT_FOUR = [
    {"code": None, "when": at_least(4)},
    {"code": "high", "when": at_least(3)},
    {"code": "low", "when": REST},
]


@pytest.mark.parametrize(
    ("answers", "code", "reason"),
    [
        ({"a": 2, "b": 2}, None, "not-defined"),
        ({"a": 2, "b": 1}, "high", None),
        ({"a": 0, "b": 0}, "low", None),
        ({"a": 2}, None, "input-missing"),
    ],
    ids=str,
)
def test_where_a_row_gives_no_code_the_reason_is_not_that_an_answer_is_missing(tmp_path, answers, code, reason):
    scores = [TOTAL, decision(rows=NOTHING_AT_FOUR)]

    found = made(tmp_path, *scores, answers=answers, vectors=vectors(*scores))["group"]

    assert (found.band, found.reason) == (code, reason)


@pytest.mark.parametrize("value", ["in-proportion", "as-no"])
def test_a_row_may_be_reached_under_one_value_of_a_parameter_only(tmp_path, value):
    only = {"all": [{"param": "gaps", "op": "==", "value": value}, *at_least(3)["all"]]}
    scores = [TOTAL, decision(rows=[{"code": "high", "when": only}, {"code": "low", "when": REST}])]

    for gaps in ("in-proportion", "as-no"):
        found = made(
            tmp_path,
            *scores,
            answers={"a": 2, "b": 2},
            params={"gaps": gaps},
            parameters=GAPS,
            vectors=vectors(*scores),
        )["group"]
        assert found.band == ("high" if gaps == value else "low")


def test_a_score_may_require_one_of_the_very_same_items(tmp_path):
    part = small_score("sum", ITEMS, [0, 6], id="part")
    whole = small_score("mean", ITEMS, [0, 2], id="whole", missing={"strategy": "strict", "requires": ["part"]})

    assert load(tmp_path, small_rule(part, whole), registry=FORM).rules()


def test_what_a_score_may_not_require_is_named_with_rule_and_score(tmp_path):
    part = small_score("sum", ["x"], [0, 1], id="part")
    whole = small_score("mean", ["a"], [0, 2], id="whole", missing={"strategy": "strict", "requires": ["part"]})

    with pytest.raises(ContentError, match=r"^rule small: whole: "):
        load(tmp_path, small_rule(part, whole), registry=FORM)


BANDS = ("low", "medium", "high", "very-high")


def mapped(*codes):
    """An input that reads the bands of CAT as yes and no."""
    lrs = CATALOGUE.table("alert/lrs")
    told = CodeMap("catTotal", dict.fromkeys(codes, "no"))
    source = replace(lrs.inputs["limitation"].source, score="", slot="burden", maps={"cat": told})
    return replace(lrs.inputs["cauda"], source=source)


def test_a_map_may_be_of_the_bands_of_a_number():
    check_input(mapped(*BANDS), CATALOGUE.newest_rules(), "x")

    for codes in (BANDS[:-1], (*BANDS, "none")):
        with pytest.raises(ContentError, match=r"^x: T1: its map must name every code of catTotal$"):
            check_input(mapped(*codes), CATALOGUE.newest_rules(), "x")


def test_an_input_with_a_map_reads_the_questionnaires_of_the_map_only():
    check_produced(mapped(*BANDS), "cat", CATALOGUE.newest_rules(), "x")

    with pytest.raises(ContentError, match=r"^x: T1: no map for mmrc$"):
        check_produced(mapped(*BANDS), "mmrc", CATALOGUE.newest_rules(), "x")


def test_a_category_has_no_decimals_no_unit_and_no_constants_of_numbers():
    told = decision()
    found = read_definition(fields(told), (), MissingRule("inputs"), {"total": 4})

    assert (found.decimals, found.unit, found.use, found.code, found.ends) == (0, "", "", None, None)
    assert (found.constants, found.codes, found.bands) == (Constants(), ("high", "low"), ())


def test_a_row_on_a_parameter_that_the_rule_does_not_have_stops_the_start(tmp_path):
    on_nothing = {"all": [{"param": "edition", "op": "==", "value": "new"}]}
    scores = [TOTAL, decision(rows=[{"code": "high", "when": on_nothing}, {"code": "low", "when": REST}])]

    with pytest.raises(ContentError, match=r"^rule small: .*edition is never new"):
        load(tmp_path, small_rule(*scores, vectors=vectors(*scores)), registry=FORM)


def test_what_is_given_outright_has_its_name_its_state_and_its_age():
    kol = CATALOGUE.table("alert/kol")

    found = given_inputs(
        kol,
        {"cat": 12, "danger": "no", "mrc": 3},
        estimated=["mrc"],
        ages={"cat": 30, "mrc": 31, "danger": 500, "exacNow": 2},
    )

    assert found["cat"] == UsedInput("cat", 12, "present", age_days=30)
    assert found["mrc"] == UsedInput("mrc", None, "stale", age_days=31)
    assert found["danger"] == UsedInput("danger", "no", "present", age_days=500)
    assert found["exacNow"] == UsedInput("exacNow", None, "missing", age_days=2)
    assert found["adm12"] == UsedInput("adm12", None, "missing")
    assert given_inputs(kol, {"cat": Fraction(5, 2)}, estimated=["cat"])["cat"].state == "estimated"


def test_a_decision_reads_no_vector(tmp_path):
    flags = small_score("flag-ge", ITEMS, [0, 1], id="flags", type="vector", cut=2, missing={"strategy": "each"})
    del flags["decimals"], flags["unit"]
    rows = [{"code": "high", "when": at_least(1, "flags")}, {"code": "low", "when": REST}]
    reading = decision(items=ITEMS, missing={"strategy": "inputs", "needs": ["flags"]}, rows=rows)

    with pytest.raises(ContentError, match=r"\.scores\[1\]\.rows: conditions on earlier scores of the rule"):
        load(tmp_path, small_rule(flags, reading), registry=FORM)


def test_a_decision_by_rows_alone_is_told_from_its_rows_whatever_is_missing(tmp_path):
    by_rows = decision(missing={"strategy": "rows"})
    low = {**nothing(by_rows), "band": "low", "reason": None, "estimated": True}
    told = [{"answers": {}, "scores": {"total": nothing(TOTAL), "group": low}}]

    found = made(tmp_path, TOTAL, by_rows, answers={"a": 2}, vectors=told)["group"]

    assert (found.band, found.estimated) == ("low", True)


@pytest.mark.parametrize("ends", [[1, 4], [2, 4], [0, 4]], ids=str)
def test_the_range_of_a_score_holds_where_an_item_is_not_asked_too(tmp_path, ends):
    """Points 1 and 2 each: from 1, where only one is asked, to 4."""
    form = registry(item("x", "boolean"), choice("a", 1, 2, enableWhen=[when("x")]), choice("b", 1, 2))
    one = small_score("sum", ["a", "b"], ends)
    told = [{"answers": {}, "scores": {"total": {**nothing(one), "missing": 1}}}]

    if ends == [1, 4]:
        assert load(tmp_path, small_rule(one, vectors=told), registry=form).rules()
        return
    with pytest.raises(ContentError, match="it gives 1 to 4, another range than declared"):
        load(tmp_path, small_rule(one, vectors=told), registry=form)


@pytest.mark.parametrize(("x", "y", "code"), [(True, False, "high"), (False, False, "low"), (True, None, "high")])
def test_a_decision_on_a_category_is_computed_from_its_code(tmp_path, x, y, code):
    signs = small_score("any-true", ["x", "y"], ["no", "yes"], id="signs", type="category", missing={"strategy": "any"})
    del signs["decimals"], signs["unit"]
    on_signs = {"all": [{"input": "signs", "op": "==", "value": "yes"}]}
    rows = [{"code": "high", "when": on_signs}, {"code": "low", "when": REST}]
    group = decision(items=["x", "y"], missing={"strategy": "inputs", "needs": ["signs"]}, rows=rows)
    scores = [{**signs, "labels": words("no", "yes")}, group]
    (rule,) = load(tmp_path, small_rule(*scores, vectors=vectors(*scores)), registry=FORM).rules()
    answers = {name: (one,) for name, one in (("x", x), ("y", y)) if one is not None}

    found = {one.id: one.band for one in computed(rule, Given(answers, None), {})}

    assert found == {"signs": "yes" if code == "high" else "no", "group": code}
