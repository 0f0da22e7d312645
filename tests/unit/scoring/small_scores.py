"""A small form and small scores of it, for tests."""

from questionnaires.plain import read_plain
from scoring.scores import score
from tests.unit.questionnaires.forms import choice, integer, item, option, registry
from tests.unit.scoring.content import label, load, nothing, small_rule, small_score

FORM = registry(
    choice("a", 0, 1, 2),
    choice("b", 0, 1, 2),
    item("c", "choice", answerOption=[option("0", 0), option("1", 1), option("2", 2), option("dont-know", None)]),
    item("x", "boolean"),
    item("y", "boolean"),
    integer("n", 0, 3),
    item("gate", "boolean"),
)
ITEMS = ["a", "b", "c"]


def made(tmp_path, *scores, answers, params=None, **more):
    rule_file = small_rule(*scores, **more)
    known = load(tmp_path, rule_file, registry=FORM)
    (form,) = FORM.all()
    checked = read_plain(FORM.plan(form.canonical), answers)
    return {one.id: one for one in score(known.rule_for(form.canonical), form, checked, params=params).scores}


def enough(strategy, fewest):
    return {"strategy": strategy, "minAnswered": fewest}


BY_PARAM = small_score(
    "count-true",
    ["x", "y"],
    [0, 2],
    missing={"byParam": "gaps", "variants": {"in-proportion": enough("prorate", 1), "as-no": enough("strict-no", 1)}},
)
GAPS = {"gaps": {"values": ["in-proportion", "as-no"], "default": "as-no"}}
TOTAL = small_score("sum", ["a", "b"], [0, 4])


def words(*codes):
    return [{"code": code, "clinician": label(code), "patient": label(code)} for code in codes]


def at_least(limit, name="total"):
    return {"all": [{"input": name, "op": ">=", "value": limit}]}


REST = {"otherwise": True}


def decision(**more):
    return {
        "id": "group",
        "type": "category",
        "op": "decision",
        "items": ["a", "b"],
        "missing": {"strategy": "inputs", "needs": ["total"]},
        "range": ["high", "low"],
        "label": label("Group"),
        "labels": words("high", "low"),
        "rows": [{"code": "high", "when": at_least(3)}, {"code": "low", "when": REST}],
        **more,
    }


def bounds(**more):
    one = decision(id="bounds", op="bounds", of="group", missing={"strategy": "all-completions"})
    del one["rows"]
    return {**one, **more}


def percent(**more):
    return {
        **small_score("percent-of-range", ["a", "b"], [0, 100], id="pct", of="total"),
        "missing": {"strategy": "inputs", "needs": ["total"]},
        **more,
    }


def vectors(*scores):
    told = {one["id"]: nothing(one) for one in scores}
    for one in scores:
        if one["op"] in ("decision", "percent-of-range"):
            told[one["id"]]["reason"] = "input-missing"
    return [{"answers": {}, "scores": told}]
