import pytest

from questionnaires.enablement import asked, enabled
from questionnaires.model import Coded
from questionnaires.registry import Registry
from tests.unit.questionnaires.forms import SYSTEM, choice, integer, item, questionnaire, when


def shown(form, **answers):
    given = {link_id: value if isinstance(value, tuple) else (value,) for link_id, value in answers.items()}
    return [one.link_id for one in asked(form, given)]


def test_a_group_is_no_question_but_its_items_are():
    form = questionnaire(item("g", "group", item=[item("b", "boolean")]), item("d", "display"))

    assert shown(form) == ["b", "d"]
    assert [one.link_id for one in enabled(form, {})] == ["g", "b", "d"]


@pytest.mark.parametrize(
    ("operator", "compared", "given", "expected"),
    [
        ("=", 5, 5, True),
        ("=", 5, 4, False),
        ("!=", 5, 4, True),
        ("!=", 5, 5, False),
        (">", 5, 6, True),
        (">", 5, 5, False),
        (">=", 5, 5, True),
        (">=", 5, 4, False),
        ("<", 5, 4, True),
        ("<", 5, 5, False),
        ("<=", 5, 5, True),
        ("<=", 5, 6, False),
    ],
)
def test_an_operator_compares_the_answer(operator, compared, given, expected):
    form = questionnaire(integer("n"), item("d", "display", enableWhen=[when("n", operator, answer=compared)]))

    assert ("d" in shown(form, n=given)) is expected


@pytest.mark.parametrize("operator", ["=", "!=", ">", "<", ">=", "<="])
def test_no_comparison_is_true_without_an_answer(operator):
    form = questionnaire(integer("n"), item("d", "display", enableWhen=[when("n", operator, answer=5)]))

    assert shown(form) == ["n"]


def test_exists_asks_for_an_answer_or_for_none():
    form = questionnaire(
        integer("n"),
        item("yes", "display", enableWhen=[when("n", "exists", answer=True)]),
        item("no", "display", enableWhen=[when("n", "exists", answer=False)]),
    )

    assert shown(form, n=0) == ["n", "yes"]
    assert shown(form) == ["n", "no"]


def test_any_answer_of_a_repeating_question_can_make_a_condition_true():
    form = questionnaire(
        choice("c", 0, 1, 2, repeats=True),
        item("d", "display", enableWhen=[when("c", answer={"system": SYSTEM, "code": "2"})]),
    )

    assert "d" in shown(form, c=(Coded(SYSTEM, "0"), Coded(SYSTEM, "2")))
    assert "d" not in shown(form, c=(Coded(SYSTEM, "0"),))


def test_conditions_all_hold_unless_one_is_said_to_be_enough():
    both = [when("a"), when("b")]
    form = questionnaire(
        item("a", "boolean"),
        item("b", "boolean"),
        item("all", "display", enableWhen=both, enableBehavior="all"),
        item("any", "display", enableWhen=both, enableBehavior="any"),
    )

    assert shown(form, a=True, b=False) == ["a", "b", "any"]
    assert shown(form, a=True, b=True) == ["a", "b", "all", "any"]
    assert shown(form, a=False, b=False) == ["a", "b"]


def test_the_answer_of_a_closed_item_counts_for_nothing():
    form = questionnaire(
        item("a", "boolean"),
        item("b", "boolean", enableWhen=[when("a")]),
        item("c", "boolean", enableWhen=[when("b")]),
    )

    assert shown(form, a=True, b=True) == ["a", "b", "c"]
    assert shown(form, a=False, b=True) == ["a"]


def test_a_closed_group_closes_what_is_in_it():
    form = questionnaire(item("a", "boolean"), item("g", "group", enableWhen=[when("a")], item=[integer("n")]))

    assert shown(form, a=False) == ["a"]
    assert shown(form, a=True) == ["a", "n"]


def test_what_is_nested_in_a_question_is_asked_once_the_question_is_answered():
    form = questionnaire(item("a", "boolean", item=[integer("n")]))

    assert shown(form) == ["a"]
    assert shown(form, a=False) == ["a", "n"]


def test_a_danger_answer_shows_its_notice_at_once():
    form = Registry.load().newest("kol-status")

    assert "kol-status-2-notice" in shown(form, **{"kol-status-2": True})
    assert "kol-status-2-notice" not in shown(form, **{"kol-status-2": False})
    assert [one for one in shown(form) if one.endswith("notice")] == []


@pytest.mark.parametrize("sign", ["kol-status-4", "kol-status-5", "kol-status-6"])
def test_any_flare_up_sign_shows_the_advice(sign):
    assert "kol-status-6-notice" in shown(Registry.load().newest("kol-status"), **{sign: True})
