"""Decrements, profiles, vectors, required scores and owners' tables, shown by small rules."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kernel.errors import ContentError
from tests.unit.questionnaires.forms import choice, item, option, registry
from tests.unit.scoring.content import load, shipped, small_rule, small_score
from tests.unit.scoring.small_scores import FORM, ITEMS, TOTAL, decision, enough, made, words


def none_of(number, reason="too-many-missing"):
    empty = {"value": None, "display": None, "band": None, "estimated": False, "answered": 0, "missing": number}
    return {**empty, "reason": reason}


BAND = {**words("x")[0], "when": {"all": [{"input": "flags", "op": "==", "value": 1}]}}
STRICT = {"strategy": "strict", "requires": ["part"]}
BY_YES = {"strategy": "known-from", "threshold": 1}


def less(**more):
    table = {"a": {"0": 0, "1": 41, "2": 220}, "b": {"0": 0, "1": 35, "2": 209}}
    return small_score(
        "one-minus-decrements", ["a", "b"], ["571/1000", 1], decimals=3, per=1000, decrements=table, **more
    )


@pytest.mark.parametrize(
    ("answers", "value", "shown"),
    [
        ({"a": 0, "b": 0}, 1, "1"),
        ({"a": 1, "b": 0}, Fraction(959, 1000), "0.959"),
        ({"a": 2, "b": 2}, Fraction(571, 1000), "0.571"),
        ({"a": 2}, None, None),
    ],
    ids=str,
)
def test_a_whole_less_its_decrements_is_exact(tmp_path, answers, value, shown):
    result = made(tmp_path, less(), answers=answers)["total"]

    assert (result.value, result.display) == (value, shown)
    assert result.exact == (None if value is None else str(Fraction(value)))


def profile(**more):
    one = small_score("profile", ["a", "b", "c"], [0, 1], id="profile", type="category", **more)
    del one["decimals"], one["unit"]
    return {**one, "range": {"pattern": "[0-2]{3}"}, **more}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"a": 0, "b": 0, "c": 0}, "000"),
        ({"a": 2, "b": 1, "c": 0}, "210"),
        ({"a": 0, "b": 1, "c": 2}, "012"),
        ({"a": 0, "b": 1, "c": "dont-know"}, None),
        ({"a": 0, "c": 2}, None),
    ],
    ids=str,
)
def test_a_profile_writes_the_points_one_after_another(tmp_path, answers, code):
    result = made(tmp_path, profile(), answers=answers)["profile"]

    assert (result.band, result.value, result.entries) == (code, None, None)


def flags(**more):
    one = small_score("flag-ge", ITEMS, [0, 1], id="flags", type="vector", cut=2, missing={"strategy": "each"}, **more)
    del one["decimals"], one["unit"]
    return {**one, **more}


@pytest.mark.parametrize(
    ("answers", "entries", "estimated"),
    [
        ({"a": 2, "b": 1, "c": 0}, (1, 0, 0), False),
        ({"a": 0, "b": 0, "c": 2}, (0, 0, 1), False),
        ({"b": 2}, (None, 1, None), True),
        ({"a": 1, "b": 1, "c": "dont-know"}, (0, 0, None), True),
        ({"c": "dont-know"}, None, False),
        ({}, None, False),
    ],
    ids=str,
)
def test_a_vector_flags_each_item_and_is_nothing_only_without_any_answer(tmp_path, answers, entries, estimated):
    result = made(tmp_path, flags(), answers=answers)["flags"]

    assert (result.entries, result.estimated) == (entries, estimated)
    assert result.exact == (None if entries is None else list(entries))
    assert (result.value, result.display, result.band) == (None, None, None)
    assert result.reason == (None if entries else "too-many-missing")


PART = small_score("mean", ["a"], [0, 2], id="part")
WHOLE = small_score("mean", ITEMS, [0, 2], id="whole", missing={**enough("available-mean", 2), "requires": ["part"]})


@pytest.mark.parametrize(
    ("answers", "whole"),
    [
        ({"a": 2, "b": 1}, Fraction(3, 2)),
        ({"b": 1, "c": 1}, None),
        ({"a": 2}, None),
        ({"a": 0, "b": 0, "c": 1}, Fraction(1, 3)),
    ],
    ids=str,
)
def test_a_score_can_require_that_another_one_has_a_result(tmp_path, answers, whole):
    found = made(tmp_path, PART, WHOLE, answers=answers)

    assert found["whole"].value == whole
    assert found["whole"].reason == (None if whole is not None else "too-many-missing")


def test_what_reads_a_score_and_the_one_that_it_requires_is_walked_with_both(tmp_path):
    both = decision(
        items=ITEMS,
        missing={"strategy": "inputs", "needs": ["whole", "part"]},
        rows=[
            {
                "code": "high",
                "when": {
                    "all": [{"input": "whole", "op": "==", "value": 2}, {"input": "part", "op": "==", "value": 2}]
                },
            },
            {"code": "low", "when": {"otherwise": True}},
        ],
    )
    told = {"part": none_of(1), "whole": none_of(3), "group": none_of(3, "input-missing")}

    found = made(tmp_path, PART, WHOLE, both, answers={"a": 2, "b": 2}, vectors=[{"answers": {}, "scores": told}])

    assert found["group"].band == "high"


@pytest.mark.parametrize(
    ("told", "scores"),
    [
        ("earlier scores", [WHOLE]),
        (
            "gaps alone decide",
            [small_score("count-true", ["x"], [0, 1], id="part"), WHOLE],
        ),
        (
            "gaps alone decide",
            [
                small_score("count-true", ["x"], [0, 1], id="part", missing=BY_YES),
                small_score("sum", ["x", "y"], [0, 2], id="whole", missing=STRICT),
            ],
        ),
        ("takes no requires", [PART, TOTAL, decision(missing={"strategy": "inputs", "requires": ["part"]})]),
    ],
    ids=["later", "other items", "not by gaps", "of a decision"],
)
def test_a_requirement_that_cannot_hold_stops_the_start(tmp_path, told, scores):
    with pytest.raises(ContentError, match=told):
        load(tmp_path, small_rule(*scores), registry=FORM)


T_TABLE = {str(one): Decimal("40.5") + one for one in range(5)}


def looked_up(table, **more):
    return {
        **small_score("lookup", ["a", "b"], [0, 100], id="t", of="total", decimals=1, table=table),
        "missing": {"strategy": "inputs", "needs": ["total"]},
        **more,
    }


def t_score(tmp_path, table, answers, **more):
    reason = "no table imported" if table is None else "input-missing"
    told = {"total": none_of(2), "t": none_of(2, reason)}
    one = looked_up(table and {key: float(value) for key, value in table.items()}, **more)
    return made(tmp_path, TOTAL, one, answers=answers, vectors=[{"answers": {}, "scores": told}])["t"]


@pytest.mark.parametrize("answers", [{}, {"a": 2}, {"a": 2, "b": 1}], ids=str)
def test_without_the_owners_table_nothing_is_looked_up_and_the_reason_says_so(tmp_path, answers):
    result = t_score(tmp_path, None, answers)

    assert (result.value, result.display, result.reason) == (None, None, "no table imported")


@pytest.mark.parametrize(
    ("answers", "value", "shown"),
    [({"a": 0, "b": 0}, Fraction(81, 2), "40.5"), ({"a": 2, "b": 2}, Fraction(89, 2), "44.5"), ({"a": 2}, None, None)],
    ids=str,
)
def test_a_score_is_looked_up_exactly_once_the_table_is_there(tmp_path, answers, value, shown):
    result = t_score(tmp_path, T_TABLE, answers)

    assert (result.value, result.display) == (value, shown)
    assert result.reason == (None if value else "input-missing")


@pytest.mark.parametrize(
    ("told", "table", "read"),
    [
        ("null, or a number", {"0": "40.5"}, TOTAL),
        ("null, or a number", {"x": 1}, TOTAL),
        ("one value for each value", {"0": 1, "1": 2}, TOTAL),
        ("one value for each value", dict.fromkeys(map(str, range(3)), 1), small_score("mean", ["a", "b"], [0, 2])),
        ("leaves the declared range", dict.fromkeys(map(str, range(5)), 101), TOTAL),
        ("leaves the declared range", dict.fromkeys(map(str, range(5)), -1), TOTAL),
        ("takes no cut", None, {**TOTAL, "cut": 1}),
    ],
)
def test_a_table_that_does_not_fit_stops_the_start(tmp_path, told, table, read):
    with pytest.raises(ContentError, match=told):
        load(tmp_path, small_rule(read, looked_up(table)), registry=FORM)


@pytest.mark.parametrize(
    ("told", "one"),
    [
        ("another range", {**less(), "range": [0, 1]}),
        ("lowest and highest value, whole or a fraction", {**less(), "range": [0.5, 1]}),
        ("lowest and highest value, whole or a fraction", {**less(), "range": ["half", 1]}),
        ("lowest and highest value", {**less(), "range": "0-1"}),
        ("points for each option", {**less(), "decrements": {"a": {"0": 0}, "b": {"0": 0, "1": 1, "2": 2}}}),
        ("unknown field c", {**less(), "decrements": {**less()["decrements"], "c": {}}}),
        ("whole number", {**less(), "per": "1000"}),
        ("do not fit the pattern", profile(range={"pattern": "[0-1]{3}"})),
        ("unknown field codes", profile(range={"pattern": "x", "codes": []})),
        ("another range", flags(range=[0, 2])),
        ("takes no per", flags(per=3)),
        ("holds no value", flags(bands=[BAND])),
    ],
    ids=str,
)
def test_a_special_score_that_contradicts_itself_stops_the_start(tmp_path, told, one):
    with pytest.raises(ContentError, match=told):
        load(tmp_path, small_rule(one), registry=FORM)


def test_points_below_zero_have_no_place_in_a_profile(tmp_path):
    form = registry(item("a", "choice", answerOption=[option("low", -1), option("high", 1)]))
    one = {**profile(), "items": ["a"]}

    with pytest.raises(ContentError, match="from 0 up"):
        load(tmp_path, small_rule(one), registry=form)


def test_options_of_one_code_in_two_systems_cannot_be_scored(tmp_path):
    twin = option("1", 2)
    twin["valueCoding"]["system"] = "https://svarbro.example/fhir/CodeSystem/other"
    form = registry(item("a", "choice", answerOption=[option("1", 1), twin]))

    with pytest.raises(ContentError, match="codes that differ"):
        load(tmp_path, small_rule(small_score("sum", ["a"], [1, 2])), registry=form)


def test_ten_points_are_written_as_ten(tmp_path):
    form = registry(choice("a", 0, 10), choice("b", 0, 1))
    one = {**profile(), "items": ["a", "b"], "range": {"pattern": "(0|10)[01]"}}

    assert load(tmp_path, small_rule(one, vectors=[{"answers": {}, "scores": {"profile": none_of(2)}}]), registry=form)


def test_no_decision_looks_into_a_vector(tmp_path):
    with pytest.raises(ContentError, match="earlier scores of the rule"):
        load(
            tmp_path,
            small_rule(
                flags(),
                decision(rows=[{"code": "high", "when": {"all": [{"input": "flags", "op": "==", "value": 1}]}}]),
            ),
            registry=FORM,
        )


def test_no_table_looks_into_a_vector(tmp_path):
    table = shipped("tables/alert-kol")
    cat = next(one for one in table["inputs"] if one["name"] == "cat")
    cat["source"] |= {"questionnaire": "bhls", "score": "flags"}

    with pytest.raises(ContentError, match="flags is a vector, which no condition can look at"):
        load(tmp_path, shipped("rules/bhls"), table)


def test_vectors_of_a_file_tell_entries_as_a_list(tmp_path):
    told = {**none_of(1), "value": [1, None, None], "answered": 1, "missing": 2, "estimated": True, "reason": None}

    found = made(tmp_path, flags(), answers={}, vectors=[{"answers": {"a": 2}, "scores": {"flags": told}}])

    assert found["flags"].entries is None
