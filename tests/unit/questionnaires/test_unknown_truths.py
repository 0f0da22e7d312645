"""Conditions that hang on a refused answer: neither true nor false, and nothing is blamed for them."""

import pytest

from tests.unit.questionnaires.any_form import a, faults, form, g, q, when

YES, NO, BAD = ("Boolean", True), ("Boolean", False), ("Boolean", 1)
TRUTHS = {"yes": YES, "no": NO, "bad": BAD}
TOLD = {"yes": [], "no": [], "bad": ["not-a-boolean"]}
TWICE = q("r", "group", repeats=True, item=[q("rb", "boolean")])
"""A form with a repeated group is walked item by item, never read the short way."""


def on(*questions):
    return [when(one, "=", "Boolean", value=True) for one in questions]


def either_or_both(behaviour):
    return form(
        q("a", "boolean"),
        q("b", "boolean"),
        q("z", "boolean", enableWhen=on("a", "b"), enableBehavior=behaviour),
        TWICE,
    )


# Kleene's three-valued logic: an unknown truth decides nothing that the known one leaves open.
ANY = {
    ("yes", "yes"): True, ("yes", "no"): True, ("no", "yes"): True, ("no", "no"): False,
    ("bad", "yes"): True, ("yes", "bad"): True, ("bad", "no"): None, ("no", "bad"): None, ("bad", "bad"): None,
}  # fmt: skip
ALL = {
    ("yes", "yes"): True, ("yes", "no"): False, ("no", "yes"): False, ("no", "no"): False,
    ("bad", "yes"): None, ("yes", "bad"): None, ("bad", "no"): False, ("no", "bad"): False, ("bad", "bad"): None,
}  # fmt: skip
CASES = [
    (behaviour, *pair, asked) for behaviour, table in (("any", ANY), ("all", ALL)) for pair, asked in table.items()
]


@pytest.mark.parametrize(("behaviour", "first", "second", "asked"), CASES, ids=str)
def test_an_answer_is_refused_only_where_it_is_certainly_not_asked(behaviour, first, second, asked):
    known = either_or_both(behaviour)

    found = faults(known, a("a", TRUTHS[first]), a("b", TRUTHS[second]), a("z", YES))

    silent = [("not-enabled", "item[2].answer", "z")] if asked is False else []
    assert [one for one in found if one[2] == "z"] == silent
    assert [rule for rule, _, link_id in found if link_id != "z"] == TOLD[first] + TOLD[second]


@pytest.mark.parametrize(("behaviour", "first", "second", "asked"), CASES, ids=str)
def test_an_item_is_missed_only_where_it_is_certainly_asked(behaviour, first, second, asked):
    items = [q("a", "boolean"), q("b", "boolean")]
    demanded = q("z", "boolean", enableWhen=on("a", "b"), enableBehavior=behaviour, required=True)
    known = form(*items, demanded, TWICE)

    found = faults(known, a("a", TRUTHS[first]), a("b", TRUTHS[second]))

    assert [one for one in found if one[2] == "z"] == ([("required", "item", "z")] if asked else [])


IN_A_GROUP = form(
    q("a", "boolean"),
    q("b", "boolean"),
    q("g", "group", enableWhen=on("a"), item=[q("z", "boolean", enableWhen=on("b"), required=True)]),
    TWICE,
)


@pytest.mark.parametrize(
    ("group", "own", "is_silent", "is_missed"),
    [
        ("yes", "yes", False, True),
        ("yes", "no", True, False),
        ("yes", "bad", False, False),
        ("no", "yes", True, False),
        ("no", "bad", True, False),
        ("bad", "yes", False, False),
        ("bad", "no", True, False),
        ("bad", "bad", False, False),
    ],
)
def test_an_item_in_a_group_is_asked_only_where_both_are(group, own, is_silent, is_missed):
    before = a("a", TRUTHS[group]), a("b", TRUTHS[own])

    answered = faults(IN_A_GROUP, *before, g("g", a("z", YES)))
    left_out = faults(IN_A_GROUP, *before, {"linkId": "g"})

    told = [("not-enabled", "item[2].item[0].answer", "z")] if is_silent else []
    assert [one for one in answered if one[2] == "z"] == told
    assert [one for one in left_out if one[2] == "z"] == ([("required", "item[2].item", "z")] if is_missed else [])


def test_what_is_missed_in_a_group_that_is_missed_too_is_named_at_the_level_that_is_there():
    inner = q("h", "group", required=True, item=[q("z", "boolean", required=True)])
    known = form(q("a", "boolean"), q("g", "group", item=[q("b", "boolean"), inner]), TWICE)

    assert faults(known, g("g", a("b", YES))) == [("required", "item[0].item", "h"), ("required", "item[0].item", "z")]


def test_an_answer_that_was_declined_is_not_there_for_a_condition():
    known = form(q("a", "boolean"), q("z", "boolean", enableWhen=[when("a", "exists", "Boolean", value=True)]), TWICE)

    assert faults(known, a("z", YES)) == [("not-enabled", "item[0].answer", "z")]
    assert faults(known, a("a", NO), a("z", YES)) == []
