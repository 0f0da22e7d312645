"""The parts that rule files are made of, read on their own: conditions, gaps, points, parameters, whole rules."""

import hashlib
import json
from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Text
from scoring.condition import Atom, Condition, read_condition, read_value
from scoring.missing import MissingRule
from scoring.missing_file import read_missing
from scoring.points import Points, read_points, scored_item
from scoring.result import RuleVersion
from scoring.rule import BandLabel, ScoredItem
from scoring.rule_file import approval_of, read_parameters, read_rule
from scoring.score_file import read_score
from tests.unit.questionnaires.forms import SYSTEM
from tests.unit.scoring.content import label, small_rule, small_score
from tests.unit.scoring.small_scores import FORM

(SMALL,) = FORM.all()
NO_POINTS = Points({}, {})


def fields(raw, where="f.json"):
    return Fields.of_bytes(json.dumps(raw).encode(), where)


def refusal(reader, *args):
    with pytest.raises(ContentError) as caught:
        reader(*args)
    return caught.value.text


X, Y = {"input": "x", "op": ">=", "value": 3}, {"input": "y", "op": "is-null"}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"otherwise": True}, Condition((), otherwise=True)),
        ({"all": [X]}, Condition(((Atom("x", ">=", 3),),))),
        ({"all": [X, Y]}, Condition(((Atom("x", ">=", 3), Atom("y", "is-null")),))),
        ({"any": [{"all": [X]}, {"all": [Y]}]}, Condition(((Atom("x", ">=", 3),), (Atom("y", "is-null"),)))),
        (
            {"all": [{"param": "p", "op": "==", "value": "new"}]},
            Condition(((Atom("p", "==", "new", is_param=True),),)),
        ),
        ({"all": [{"input": "x", "op": "!=", "value": "5/2"}]}, Condition(((Atom("x", "!=", Fraction(5, 2)),),))),
    ],
    ids=str,
)
def test_a_condition_is_what_the_file_says(told, found):
    assert read_condition(fields(told)) == found


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"otherwise": False}, ".otherwise: true is expected"),
        ({"otherwise": True, "all": [X]}, ": unknown field all"),
        ({"any": []}, ".any: a list that is not empty is expected"),
        ({"any": [{"all": [X]}], "all": [X]}, ": unknown field all"),
        ({"any": [{"all": []}]}, ".any[0].all: a list that is not empty is expected"),
        ({"all": []}, ".all: a list that is not empty is expected"),
        ({}, ".all: a list that is not empty is expected"),
        ({"all": [X], "more": 1}, ": unknown field more"),
        ({"all": [{**X, "op": "=>"}]}, ".all[0].op: one of ==, !=, <, <=, >, >=, is-null, is-not-null is expected"),
        ({"all": [{**X, "more": 1}]}, ".all[0]: unknown field more"),
        ({"all": [{**Y, "value": 1}]}, ".all[0]: unknown field value"),
        ({"all": [{"param": "p", "op": "is-null"}]}, ".all[0]: unknown field param"),
        ({"all": [{"param": "p", "input": "x", "op": "==", "value": 1}]}, ".all[0]: unknown field input"),
        ({"all": [{"op": "==", "value": 1}]}, ".all[0].input: a text is expected"),
        ({"all": [{"input": "x", "op": "=="}]}, ".all[0].value: a whole number is expected"),
        ({"all": [{**X, "value": 1.5}]}, ".all[0].value: a whole number is expected"),
        ({"all": [{**X, "value": True}]}, ".all[0].value: a whole number is expected"),
    ],
    ids=str,
)
def test_a_condition_that_cannot_be_is_named(told, expected):
    assert refusal(read_condition, fields(told)) == f"f.json{expected}"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (3, 3),
        (-3, -3),
        ("low", "low"),
        ("1/2", Fraction(1, 2)),
        ("-1/2", Fraction(-1, 2)),
        ("1/0", "1/0"),
        ("1/2 ", "1/2 "),
    ],
    ids=repr,
)
def test_a_value_is_a_number_a_fraction_or_a_code(told, found):
    assert read_value(fields({"v": told}), "v") == found


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"strategy": "strict"}, MissingRule("strict")),
        ({"strategy": "impute-mean", "minAnswered": 6}, MissingRule("impute-mean", min_answered=6)),
        ({"strategy": "prorate", "minAnswered": {"param": "p"}}, MissingRule("prorate", min_answered="p")),
        ({"strategy": "known-from", "threshold": 2}, MissingRule("known-from", threshold=2)),
        ({"strategy": "known-from", "threshold": {"param": "p"}}, MissingRule("known-from", threshold="p")),
        ({"strategy": "strict", "gate": "gate"}, MissingRule("strict", gate="gate")),
        ({"strategy": "strict", "requires": ["one"]}, MissingRule("strict", requires=("one",))),
        ({"strategy": "rows", "needs": ["one"]}, MissingRule("rows")),
        (
            {"byParam": "p", "variants": {"a": {"strategy": "strict"}, "b": {"strategy": "strict-no"}}},
            MissingRule("", by_param="p", variants={"a": MissingRule("strict"), "b": MissingRule("strict-no")}),
        ),
    ],
    ids=str,
)
def test_what_a_gap_means_is_what_the_file_says(told, found):
    assert read_missing(fields(told), SMALL, ["one", "other"]) == found


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"strategy": "strict", "gate": "nowhere"}, ".gate: an item of the questionnaire is expected"),
        ({"strategy": "strict", "requires": ["later"]}, ".requires: earlier scores of the rule is expected"),
        ({"strategy": "strict", "requires": ["one", "later"]}, ".requires: earlier scores of the rule is expected"),
        ({"strategy": "strict", "more": 1}, ": unknown field more"),
        ({"strategy": "prorate", "minAnswered": "6"}, ".minAnswered: a whole number is expected"),
        ({"strategy": "prorate", "minAnswered": {"param": ""}}, ".minAnswered.param: a text is expected"),
        ({"byParam": "p", "variants": {}, "strategy": "strict"}, ": unknown field strategy"),
        ({"byParam": "p"}, ".variants: an object is expected"),
        (
            {"byParam": "p", "variants": {"a": {"strategy": "strict", "gate": "gate"}}},
            ".variants: no gate, which holds for all of them or not at all, is expected",
        ),
        (
            {"byParam": "p", "variants": {"a": {"strategy": "strict", "requires": ["one"]}}},
            ".variants.a.requires: earlier scores of the rule is expected",
        ),
        ({"byParam": "", "variants": {"a": {"strategy": "strict"}}}, ".byParam: a text is expected"),
    ],
    ids=str,
)
def test_what_a_gap_cannot_mean_is_named(told, expected):
    assert refusal(read_missing, fields(told), SMALL, ["one"]) == f"f.json{expected}"


def test_points_are_recoded_or_taken_from_a_number():
    told = {"recode": {"a": {"0": 5, "1": 6, "2": 7}}, "reverse": {"b": 2}}

    found = read_points(fields(told), SMALL)

    assert found == Points({"a": {0: 5, 1: 6, 2: 7}}, {"b": 2})
    assert [found.counted(*one) for one in (("a", 0), ("a", 2), ("b", 0), ("b", 2), ("c", 1))] == [5, 7, 2, 0, 1]
    assert read_points(fields({}), SMALL) == NO_POINTS


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"recode": {"n": {"0": 1}}}, ".recode.n: a choice of the questionnaire is expected"),
        ({"recode": {"z": {"0": 1}}}, ".recode.z: a choice of the questionnaire is expected"),
        ({"reverse": {"x": 1}}, ".reverse.x: a choice of the questionnaire is expected"),
        ({"recode": {"a": {"0": 1}}}, ".recode.a: points for each option is expected"),
        ({"recode": {"a": {"0": 1, "1": 1, "2": "1"}}}, ".recode.a.2: a whole number is expected"),
        ({"reverse": {"a": "2"}}, ".reverse.a: a whole number is expected"),
        (
            {"recode": {"a": {"0": 0, "1": 1, "2": 2}}, "reverse": {"a": 2}},
            ".recode: an item that is not reversed too is expected",
        ),
    ],
    ids=str,
)
def test_points_that_cannot_be_are_named(told, expected):
    assert refusal(read_points, fields(told), SMALL) == f"f.json{expected}"


def test_the_points_of_an_item_are_those_of_its_answers():
    part = fields({})
    reverse = Points({}, {"c": 2})

    assert scored_item(part, "c", SMALL, reverse) == ScoredItem(
        "c", {(SYSTEM, "0"): 2, (SYSTEM, "1"): 1, (SYSTEM, "2"): 0}, frozenset({0, 1, 2})
    )
    assert scored_item(part, "x", SMALL, NO_POINTS) == ScoredItem("x", {}, frozenset({0, 1}))
    assert scored_item(part, "n", SMALL, NO_POINTS) == ScoredItem("n", {}, frozenset({0, 1, 2, 3}))
    assert refusal(scored_item, part, "z", SMALL, NO_POINTS) == "f.json.items: the questionnaire has no item z"


def test_parameters_have_their_values_and_one_of_them_by_themselves():
    told = {"p": {"values": [6, 7], "default": 7}, "q": {"values": ["a", "b"], "default": "a", "status": "x"}}

    assert read_parameters(fields({"parameters": told})) == ({"p": (6, 7), "q": ("a", "b")}, {"p": 7, "q": "a"})
    assert read_parameters(fields({})) == ({}, {})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"values": [6], "default": 7}, ".default: one of the values is expected"),
        ({"values": ["a"], "default": "b"}, ".default: one of the values is expected"),
        ({"values": ["a"], "default": 1}, ".default: a text is expected"),
        ({"values": [1], "default": "1"}, ".default: a whole number is expected"),
        ({"values": ["a", 1], "default": 1}, ".values: a list of whole numbers is expected"),
        ({"values": [], "default": 1}, ".values: a list of texts is expected"),
        ({"values": 1, "default": 1}, ".values: a list of whole numbers is expected"),
        ({"values": [1], "default": 1, "more": 1}, ": unknown field more"),
    ],
    ids=str,
)
def test_a_parameter_that_cannot_be_is_named(told, expected):
    assert refusal(read_parameters, fields({"parameters": {"p": told}})) == f"f.json.parameters.p{expected}"


RULE = small_rule(small_score("sum", ["a", "b"], [0, 4]))


def read(**changes):
    raw = json.dumps({name: value for name, value in {**RULE, **changes}.items() if value is not None}).encode()
    return read_rule(Fields.of_bytes(raw, "f.json"), raw, FORM)


@pytest.mark.parametrize("polarity", ["higher-is-worse", "higher-is-better"])
def test_a_rule_is_what_its_file_says(polarity):
    raw = json.dumps({**RULE, "polarity": polarity}).encode()

    found = read_rule(Fields.of_bytes(raw, "f.json"), raw, FORM)

    assert found.version == RuleVersion("small", "1.0.0", hashlib.sha256(raw).hexdigest())
    assert (found.questionnaire, found.title, found.polarity) == (SMALL.canonical, Text("Small", "Small"), polarity)
    assert (list(found.scores), found.allowed, found.params, found.change) == (["total"], {}, {}, None)
    assert (found.conditional, found.approval, found.unsendable, found.sendable) == (False, "draft", "", True)
    assert read(approval={"state": "approved"}).approval == "approved"
    assert approval_of(fields(RULE)) == "draft"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": "other"}, ".id: small, the name of its questionnaire, is expected"),
        ({"questionnaire": "x|1"}, ".questionnaire: the canonical of a known questionnaire is expected"),
        ({"polarity": "up"}, ".polarity: one of higher-is-worse, higher-is-better is expected"),
        ({"scores": []}, ".scores: at least one score, each id once, is expected"),
        ({"scores": RULE["scores"] * 2}, ".scores: at least one score, each id once, is expected"),
        ({"status": None}, ".status: a text is expected"),
        ({"sheet": None}, ".sheet: a text is expected"),
        ({"licence": None}, ".licence: a text is expected"),
        ({"sources": None}, ".sources: a list of texts is expected"),
        ({"approval": {"state": "fine"}}, ".approval.state: one of draft, approved is expected"),
        ({"title": None}, ".title: an object is expected"),
        ({"more": 1}, ": unknown field more"),
        ({"whyNotSendable": "x"}, ": unknown field whyNotSendable"),
        ({"sendable": False}, ".whyNotSendable: a text is expected"),
        ({"sendable": "no"}, ".sendable: true or false is expected"),
        (
            {"status": "unverified"},
            ".sendable: false, because the status says that the scoring is not verified, is expected",
        ),
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_is_named(changes, expected):
    assert refusal(lambda: read(**changes)) == f"f.json{expected}"


def test_why_a_rule_is_not_sent_is_kept():
    found = read(sendable=False, whyNotSendable="not verified", status="unverified")

    assert (found.unsendable, found.sendable) == ("not verified", False)


def test_a_score_is_what_the_file_says():
    low = {"code": "low", "when": {"all": [{"input": "total", "op": "<", "value": 3}]}}
    told = small_score("sum", ["a", "b"], [0, "9/2"], decimals=1, unit="{x}", label={"da": "I alt", "en": "Total"})
    told |= {"bands": [{**low, "clinician": label("c"), "patient": label("p")}], "use": "variant"}
    told |= {"code": {"system": "s", "code": "1", "display": "d"}, "bandsOn": "display"}

    found = read_score(fields(told), SMALL, NO_POINTS, {})

    assert (found.id, found.op, found.kind, found.use) == ("total", "sum", "number", "variant")
    assert (found.ends, found.decimals, found.unit) == ((0, Fraction(9, 2)), 1, "{x}")
    assert (found.label, found.code, found.on_display) == (Text("I alt", "Total"), ("s", "1", "d"), True)
    assert [(band.code, band.when) for band in found.bands] == [("low", Condition(((Atom("total", "<", 3),),)))]
    assert found.words == {"low": BandLabel(Text("c", "c"), Text("p", "p"))}
    assert [one.link_id for one in found.items] == ["a", "b"]
    assert (found.codes, found.pattern, found.rows, found.reads) == ((), "", (), ())
