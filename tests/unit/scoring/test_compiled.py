"""Tables of a rule, and what is computed because no table holds it."""

from fractions import Fraction

import pytest

from questionnaires.enablement import enabled
from questionnaires.model import Coded, ResponseAnswers
from questionnaires.plain import read_plain
from scoring.compiled import CompiledRule
from scoring.deciding import deciding_part
from scoring.missing import MissingRule
from scoring.scores import score
from tests.unit.questionnaires.forms import SYSTEM, integer, item, registry, when
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, numbered, small_rule, small_score
from tests.unit.scoring.small_scores import FORM, TOTAL, at_least, decision


def rule(questionnaire_id):
    return CATALOGUE.rule_for(REGISTRY.newest(questionnaire_id).canonical)


def read(questionnaire_id, answers):
    return read_plain(REGISTRY.plan(rule(questionnaire_id).questionnaire), answers)


def looked_up(questionnaire_id, answers, setting=None):
    known = rule(questionnaire_id)
    chosen = known.compiled.default if setting is None else setting
    return known.compiled.scores(read(questionnaire_id, answers).answers, chosen)


def test_equal_counts_share_one_score():
    first, second = (
        looked_up("cat", numbered("cat", (5, 4, 3, 2, 1, 0, 0, 0), 1)),
        looked_up("cat", numbered("cat", (0, 0, 0, 1, 2, 3, 4, 5), 1)),
    )

    assert first is not None
    assert second is not None
    assert first[0] is second[0]
    assert first[0].value == 15


def test_scores_of_the_same_items_count_them_once():
    assert len(rule("rmdq23").compiled.counters) == 1
    assert len(rule("startback").compiled.counters) == 2
    assert len(rule("hls19-q12").compiled.counters) == 3


@pytest.mark.parametrize(("setting", "value"), [((6,), Fraction(160, 7)), ((8,), None)])
def test_each_setting_of_the_parameters_has_its_tables(setting, value):
    found = looked_up("cat", numbered("cat", (5, 5, 5, 5, 0, 0, 0, None), 1), setting)

    assert found is not None
    assert found[0].value == value


def test_a_setting_that_no_rule_allows_has_no_tables():
    assert looked_up("cat", numbered("cat", (0,) * 8, 1), (5,)) is None


def test_what_completions_agree_on_is_computed_because_counts_do_not_tell_it():
    whole = {f"startback-{place}": False for place in range(1, 9)} | {"startback-9": 0}
    gap = {name: answer for name, answer in whole.items() if name != "startback-1"}
    known, questionnaire = rule("startback"), REGISTRY.newest("startback")

    assert looked_up("startback", whole) is not None
    assert looked_up("startback", gap) is None
    found = {one.id: one for one in score(known, questionnaire, read("startback", gap)).scores}
    assert (found["risk"].band, found["boundsRisk"].band) == (None, "low")


def test_a_rule_is_not_put_into_tables_where_no_score_counts_all_items_of_another(tmp_path):
    halves = small_score("sum", ["a"], [0, 2], id="first"), small_score("sum", ["b"], [0, 2], id="second")
    both = decision(
        missing={"strategy": "inputs", "needs": ["first", "second"]},
        rows=[{"code": "high", "when": at_least(2, "first")}, {"code": "low", "when": {"otherwise": True}}],
    )
    nothing = {"value": None, "display": None, "band": None, "estimated": False, "answered": 0}
    told = {
        "first": {**nothing, "missing": 1, "reason": "too-many-missing"},
        "second": {**nothing, "missing": 1, "reason": "too-many-missing"},
        "group": {**nothing, "missing": 2, "reason": "input-missing"},
    }
    content = small_rule(*halves, both, vectors=[{"answers": {}, "scores": told}])

    (known,) = load(tmp_path, content, registry=FORM).rules()

    assert known.compiled == CompiledRule()
    (form,) = FORM.all()
    checked = read_plain(FORM.plan(form.canonical), {"a": 2, "b": 0})
    assert [one.band for one in score(known, form, checked).scores] == [None, None, "high"]


def test_what_is_no_number_and_no_code_has_no_points(tmp_path):
    (known,) = load(tmp_path, small_rule(TOTAL), registry=FORM).rules()

    assert known.scores["total"].items[0].points_of("noget") is None


def test_an_answer_of_an_item_that_is_not_asked_counts_for_nothing():
    known, questionnaire = rule("lrs-flags"), REGISTRY.newest("lrs-flags")
    answers = {f"lrs-flags-{place:02d}": (False,) for place in range(1, 9)}
    stale = {**answers, "lrs-flags-09": (True,), "lrs-flags-10": (True,)}
    checked = ResponseAnswers(known.questionnaire, "in-progress", None, stale)

    found = {one.id: one for one in score(known, questionnaire, checked).scores}

    weak = found["redWeak"]
    assert weak.value == 0
    assert (weak.answered, weak.missing) == (0, 0)


def test_only_what_decides_about_scored_items_is_walked_for_each_response():
    asking = {name: rule(name).compiled.asking for name in ("lrs-flags", "psfs", "cat")}

    assert asking["cat"] is None
    assert asking["lrs-flags"] is not None
    assert [item.link_id for item in asking["lrs-flags"].items] == [f"lrs-flags-{place:02d}" for place in range(8, 13)]
    assert asking["psfs"] is not None
    assert len(asking["psfs"].items) == 10


def test_what_is_around_an_item_and_what_that_looks_at_decide_too():
    form = registry(
        item("first", "boolean"),
        item("gate", "boolean", enableWhen=[when("first")]),
        item("other", "boolean"),
        item("g", "group", enableWhen=[when("gate")], item=[integer("n", 0, 3), integer("m", 0, 3)]),
    )
    (questionnaire,) = form.all()

    part = deciding_part(questionnaire, {"n"})

    assert [one.link_id for one in part.items] == ["first", "gate", "g"]
    assert [one.link_id for one in part.items[2].items] == ["n"]
    for answers in ({"first": (True,), "gate": (True,)}, {"gate": (True,)}, {"first": (True,)}):
        asked = {one.link_id for one in enabled(questionnaire, answers)}
        assert {one.link_id for one in enabled(part, answers)} == asked - {"other", "m"}


def test_beside_a_gap_points_are_forgotten_only_where_one_gap_leaves_nothing():
    forgets = {one.id: one.missing.forgets_points for one in rule("startback").scores.values() if not one.reads}

    assert forgets == {"total": True, "psych": True}
    assert not any(one.missing.forgets_points for one in rule("lrs-flags").scores.values() if one.missing.gate)
    assert not rule("rmdq24").scores["score"].missing.forgets_points
    assert not MissingRule("strict", gate="x").forgets_points


def test_a_gate_opens_strict_scores_from_the_tables_too(tmp_path):
    gated = small_score("sum", ["a", "b"], [0, 4], missing={"strategy": "strict", "gate": "gate"})
    (known,) = load(tmp_path, small_rule(gated), registry=FORM).rules()

    values = {}
    for gate in (None, False, True):
        answers = {"a": (Coded(SYSTEM, "2"),)} | ({} if gate is None else {"gate": (gate,)})
        found = known.compiled.scores(answers, ())
        assert found is not None
        values[gate] = found[0].value

    assert values == {None: None, False: 0, True: None}
