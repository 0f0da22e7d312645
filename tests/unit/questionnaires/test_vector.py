import pytest

from kernel.errors import InvalidInputError
from questionnaires.model import Coded, ResponseAnswers
from questionnaires.plain import read_plain
from questionnaires.strict_json import parse_object
from questionnaires.vector import vector_of
from tests.unit.questionnaires.any_form import form, q
from tests.unit.questionnaires.forms import SYSTEM, choice, integer, item, option, registry, when

FORM = registry(
    item("a", "boolean"),
    integer("n", enableWhen=[when("a")]),
    item("c", "choice", answerOption=[option("low", 0), option("high", 9), option("dont-know", None)]),
    item("t", "text"),
    choice("r", 1, 2, repeats=True),
    item("d", "display"),
)
(SMALL,) = FORM.all()
PLAN = FORM.plan(SMALL.canonical)


def answers(skipped=(), **given):
    return ResponseAnswers(SMALL.canonical, "completed", None, given, frozenset(skipped))


def test_a_vector_holds_points_numbers_and_yes_no_in_order_and_no_free_text():
    checked = answers(c=(Coded(SYSTEM, "high"),), a=(True,), n=(3,), t=("fri tekst",), r=(Coded(SYSTEM, "2"),))

    assert list(vector_of(SMALL, checked).items()) == [("a", True), ("n", 3), ("c", 9), ("r", 2)]


def test_the_first_of_several_answers_is_the_one_that_is_kept():
    assert vector_of(SMALL, answers(r=(Coded(SYSTEM, "2"), Coded(SYSTEM, "1")))) == {"r": 2}


def test_a_skip_is_none_and_a_gap_is_absent():
    assert dict(vector_of(SMALL, answers(skipped=["c", "t"]))) == {"c": None, "t": None}


def test_an_option_without_points_keeps_its_code():
    assert vector_of(SMALL, answers(c=(Coded(SYSTEM, "dont-know"),)))["c"] == "dont-know"


def test_plain_answers_are_read_as_a_completed_response():
    read = read_plain(PLAN, {"a": True, "n": 3, "c": 9, "t": "x", "r": None})

    assert read.answers == {"a": (True,), "n": (3,), "c": (Coded(SYSTEM, "high"),), "t": ("x",)}
    assert (read.status, set(read.skipped), read.questionnaire) == ("completed", {"r"}, SMALL.canonical)
    assert read_plain(PLAN, {"c": "dont-know"}).answers == {"c": (Coded(SYSTEM, "dont-know"),)}


def test_a_vector_and_plain_answers_are_each_other_s_way_back():
    vector = {"a": False, "c": "dont-know", "r": None}

    assert dict(vector_of(SMALL, read_plain(PLAN, vector))) == vector


@pytest.mark.parametrize(
    ("plain", "rule"),
    [
        (b'{"c": 5}', "out-of-range"),
        (b'{"c": 9.0}', "not-on-step"),
        (b'{"c": 8.5}', "not-on-step"),
        (b'{"c": true}', "not-a-number"),
        (b'{"r": true}', "not-a-number"),
        (b'{"c": []}', "not-a-number"),
        (b'{"c": "high"}', "not-an-option"),
        (b'{"c": "9"}', "not-an-option"),
        (b'{"a": 1}', "not-a-boolean"),
        (b'{"a": "yes"}', "not-a-boolean"),
        (b'{"a": true, "n": 11}', "out-of-range"),
        (b'{"a": true, "n": "3"}', "not-a-number"),
        (b'{"a": true, "n": true}', "not-a-number"),
        (b'{"a": true, "n": 3.0}', "not-on-step"),
        (b'{"t": 3}', "invalidAnswerType"),
        (b'{"x": 3}', "unknown-linkId"),
        (b'{"d": 3}', "displayAnswer"),
        (b'{"a": false, "n": 3}', "not-enabled"),
        (b'{"n": 3}', "not-enabled"),
    ],
)
def test_a_refused_plain_answer_is_named(plain, rule):
    with pytest.raises(InvalidInputError) as caught:
        read_plain(PLAN, parse_object(plain))

    assert [one.rule for one in caught.value.issues] == [rule]


def test_an_unknown_skip_is_left_out():
    assert read_plain(PLAN, {"x": None}).skipped == frozenset()


@pytest.mark.parametrize("kind", ["attachment", "reference", "quantity", "open-choice"])
def test_what_has_no_plain_form_is_refused(kind):
    with pytest.raises(InvalidInputError) as caught:
        read_plain(form(q("i", kind)), {"i": "x"})

    assert [one.rule for one in caught.value.issues] == ["invalidAnswerType"]


def test_a_plain_date_is_read_as_it_is_written():
    read = read_plain(form(q("i", "date")), {"i": "2026-02"})

    assert [str(getattr(one, "text", "")) for one in read.answers["i"]] == ["2026-02"]
