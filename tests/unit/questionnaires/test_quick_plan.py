"""What the short way looks up: compiled anew in each test, so that a change of the compiler is seen."""

import pytest

from questionnaires.model import Coded
from questionnaires.plan import plan_of
from questionnaires.quick import read_quick
from questionnaires.quick_plan import QuickItem, quick_plan_of
from questionnaires.statuses import ACCEPTED_STATUSES
from questionnaires.strict_json import parse_object
from tests.unit.questionnaires.any_form import SYSTEM, a, coded, ext, g, q, read, response, when
from tests.unit.questionnaires.forms import DECLINED

YES, NO = ("Boolean", True), ("Boolean", False)


def compiled(*items):
    found = quick_plan_of(read(*items))
    assert found is not None
    return found


def taken(items, *sent, **more):
    """Which answers the short way takes; None where it leaves the response to the full way."""
    plan = plan_of(read(*items, url="https://any.example", version="1"))
    found = read_quick(parse_object(response(*sent, **more)), plan, ACCEPTED_STATUSES)
    return None if found is None else dict(found.answers)


def reads(kind, values, limits=(), **more):
    """What the short way makes of values for a single item of a kind; None where it does not take one."""
    (quick,) = compiled(q("i", kind, *limits, **more)).table.values()
    return [quick.read(value) for value in values]


def test_a_group_a_choice_and_a_question_each_have_their_line():
    table = compiled(
        q("g", "group", item=[q("c", "choice", answerOption=[coded("x"), coded("y")])]), q("b", "boolean", text="Om b")
    ).table

    assert set(table) == {"g", "b"}
    group, question = table["g"], table["b"]
    assert (group.position, group.key, group.text, group.options) == (0, "", None, None)
    assert group.inner == {
        "c": QuickItem(
            1, "valueCoding", None, {(SYSTEM, "x"): (Coded(SYSTEM, "x"),), (SYSTEM, "y"): (Coded(SYSTEM, "y"),)}
        )
    }
    assert (question.position, question.key, question.text) == (2, "valueBoolean", "Om b")
    assert (question.options, question.inner) == (None, None)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("boolean", "valueBoolean"), ("integer", "valueInteger"), ("string", "valueString"), ("text", "valueString")],
)
def test_a_question_has_its_place_its_key_and_its_text(kind, key):
    table = compiled(q("a", "display"), q("i", kind, text="Om i"), q("j", kind)).table

    assert (table["i"].position, table["i"].key, table["i"].text) == (1, key, "Om i")
    assert (table["j"].position, table["j"].key, table["j"].text) == (2, key, None)
    assert "a" not in table


def test_a_choice_knows_its_text_and_no_other_kind_of_question_does_its_options():
    table = compiled(q("c", "choice", text="Om c", answerOption=[coded("x")]), q("d", "choice")).table

    assert set(table) == {"c"}
    assert table["c"].text == "Om c"


def test_only_true_and_false_are_booleans():
    assert reads("boolean", [True, False, 1, 0, "true", None]) == [(True,), (False,), None, None, None, None]


def test_a_whole_number_is_taken_up_to_both_ends_of_the_item_and_of_fhir():
    ends = [ext("minValue", "Integer", 2), ext("maxValue", "Integer", 4)]

    assert reads("integer", [1, 2, 4, 5], limits=ends) == [None, (2,), (4,), None]
    assert reads("integer", [-(2**31) - 1, -(2**31), 2**31 - 1, 2**31]) == [None, (-(2**31),), (2**31 - 1,), None]
    assert reads("integer", [True, 3.0, "3", None]) == [None] * 4
    assert reads("integer", [-(2**31), 4, 5], limits=ends[1:]) == [(-(2**31),), (4,), None]
    assert reads("integer", [1, 2, 2**31 - 1], limits=ends[:1]) == [None, (2,), (2**31 - 1,)]


def test_an_end_beyond_what_fhir_has_admits_no_more_than_fhir():
    wide = [ext("minValue", "Integer", -(2**31)), ext("maxValue", "Integer", 2**31 - 1)]

    assert reads("integer", [-(2**31) - 1, -(2**31), 2**31 - 1, 2**31], limits=wide) == [
        None, (-(2**31),), (2**31 - 1,), None,
    ]  # fmt: skip


def test_a_text_is_taken_as_long_as_the_item_allows():
    assert reads("string", ["abcd", "abcde", "abcdef"], maxLength=5) == [("abcd",), ("abcde",), None]
    assert reads("text", ["", "a\nb", 3, None, "x" * 5000]) == [None, None, None, None, ("x" * 5000,)]


def test_a_question_with_its_own_values_or_a_rare_limit_has_no_line():
    assert compiled(q("i", "integer", maxLength=3)).table == {}
    assert compiled(q("i", "boolean", maxLength=3)).table == {}
    assert compiled(q("c", "choice", answerOption=[coded("x", version="1"), coded("y")])).table == {}
    assert compiled(q("i", "string", readOnly=True)).table == {}


ON = when("b", "=", "Boolean", value=True)
MORE = when("n", ">", "Integer", 3)
B, N = q("b", "boolean"), q("n", "integer")


@pytest.mark.parametrize("behaviour", ["all", "any"])
@pytest.mark.parametrize(("b", "n"), [(True, 4), (True, 3), (False, 4), (False, 3)])
def test_an_item_with_two_conditions_is_asked_by_one_or_by_both(behaviour, b, n):
    met = [b, n > 3]
    last = q("z", "boolean", enableWhen=[ON, MORE], enableBehavior=behaviour)

    found = taken([B, N, last], a("b", ("Boolean", b)), a("n", ("Integer", n)), a("z", YES))

    is_asked = any(met) if behaviour == "any" else all(met)
    assert (found is not None) == is_asked


def test_an_item_with_one_condition_is_asked_where_it_is_met():
    asked_on = [B, N, q("z", "boolean", enableWhen=[ON])]

    assert taken(asked_on, a("b", YES), a("z", NO)) == {"b": (True,), "z": (False,)}
    assert taken(asked_on, a("b", NO), a("z", NO)) is None
    assert taken(asked_on, a("z", NO)) is None


@pytest.mark.parametrize("wanted", [True, False])
def test_a_condition_may_ask_whether_there_is_an_answer(wanted):
    asked_on = [B, q("z", "boolean", enableWhen=[when("b", "exists", "Boolean", wanted)])]

    assert (taken(asked_on, a("b", NO), a("z", YES)) is not None) is wanted
    assert (taken(asked_on, a("z", YES)) is not None) is not wanted
    assert (taken(asked_on, a("b", DECLINED), a("z", YES)) is not None) is not wanted


def test_what_lies_in_a_group_that_is_not_asked_is_not_asked():
    inner = q("h", "group", item=[q("hb", "boolean")])
    asked_on = [B, q("g", "group", enableWhen=[ON], item=[q("gb", "boolean", required=True), inner])]

    assert taken(asked_on, a("b", NO), g("g", g("h", a("hb", YES)))) is None
    assert taken(asked_on, a("b", NO), g("g", a("gb", DECLINED))) is None
    assert taken(asked_on, a("b", NO)) == {"b": (False,)}
    assert taken(asked_on, a("b", YES)) is None
    assert taken(asked_on, a("b", YES), g("g", a("gb", YES), g("h", a("hb", YES)))) == {
        "b": (True,), "gb": (True,), "hb": (True,),
    }  # fmt: skip


def test_a_required_group_is_met_by_any_answer_in_it():
    demanding = [q("g", "group", required=True, item=[q("gb", "boolean"), q("gc", "boolean")])]

    assert taken(demanding) is None
    assert taken(demanding, g("g", a("gc", DECLINED))) is None
    assert taken(demanding, g("g", a("gc", NO))) == {"gc": (False,)}
    assert taken(demanding, status="in-progress") == {}


def test_a_decline_in_a_group_is_kept_too():
    plan = plan_of(read(q("g", "group", item=[q("gb", "boolean")]), url="https://any.example", version="1"))

    found = read_quick(parse_object(response(g("g", a("gb", DECLINED)))), plan, ACCEPTED_STATUSES)

    assert found is not None
    assert found.skipped == {"gb"}
    assert not found.answers


def test_what_is_hidden_need_not_be_answered_nor_what_lies_in_it():
    hidden = ext("questionnaire-hidden", "Boolean", value=True)
    forms = [
        q("h", "boolean", hidden, required=True),
        q("g", "group", hidden, item=[q("gb", "boolean", required=True)]),
    ]

    assert compiled(*forms, q("b", "boolean", required=True)).required == (("b", ("b",)),)


def test_a_condition_on_an_item_before_it_takes_the_short_way_and_on_one_after_it_not():
    later = [q("z", "boolean", enableWhen=[ON]), B]

    assert quick_plan_of(read(B, *later[:1])) is not None
    assert quick_plan_of(read(*later)) is None


@pytest.mark.parametrize(
    ("items", "is_short"),
    [
        ([q("g", "group", item=[B])], True),
        ([q("g", "group", repeats=True, item=[B])], False),
        ([q("n", "integer", repeats=True)], True),
        ([q("n", "integer", item=[B])], False),
        ([q("n", "integer", ext("questionnaire-minOccurs", "Integer", 1), required=True)], False),
    ],
    ids=["group", "repeated group", "repeated question", "nested", "fewest"],
)
def test_only_a_flat_form_without_a_fewest_number_takes_the_short_way(items, is_short):
    assert (quick_plan_of(read(*items)) is not None) is is_short


def test_texts_of_the_form_itself_are_taken_even_with_a_line_end():
    two_lines = [q("b", "boolean", text="Om b\nog mere")]

    assert taken(two_lines, a("b", YES, text="Om b\nog mere")) == {"b": (True,)}
    assert taken(two_lines, a("b", YES, text="Om b\nog andet")) is None
    group = [q("g", "group", text="Om g\nog mere", item=[B])]
    assert taken(group, {**g("g", a("b", YES)), "text": "Om g\nog mere"}) == {"b": (True,)}
    assert taken(group, {**g("g", a("b", YES)), "text": "Om g\nog andet"}) is None
