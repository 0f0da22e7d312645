"""What a rule tells, what it refuses, and the ways to compute that small rules show."""

from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.plain import read_plain
from scoring.scores import score
from tests.unit.questionnaires.forms import choice, integer, item, option, registry, when
from tests.unit.scoring.content import CATALOGUE, REGISTRY, label, load, shipped, small_rule, small_score
from tests.unit.scoring.refusals import names_an_element


def rule(questionnaire_id):
    return CATALOGUE.rule_for(REGISTRY.newest(questionnaire_id).canonical)


def test_a_rule_names_its_scores_bands_codes_and_ranges():
    cat, mmrc, kol = rule("cat"), rule("mmrc"), rule("kol-status")

    assert cat.label("catTotal").da == "CAT i alt"
    words = cat.band_label("catTotal", "high")
    assert words is not None
    assert words.clinician.da == "Høj sygdomsbyrde (over 20-30)"
    assert words.patient.en == "COPD takes up much of your day"
    assert cat.band_label("catTotal", "other") is None
    assert cat.code("catTotal") == ("urn:oid:1.2.208.184.100.8", "MCS88137", "Pt-COPD Assessment Test (CAT) score")
    assert mmrc.code("mrc") == ("urn:oid:1.2.208.184.100.8", "MCS88021", "Pt(KOL)-MRC skala")
    assert mmrc.code("mmrc") is None
    assert [mmrc.range(one) for one in ("mrc", "mmrc")] == [(1, 5), (0, 4)]
    assert (kol.range("danger"), kol.unit("danger"), cat.unit("catTotal")) == (None, "", "{score}")
    danger = kol.band_label("danger", "yes")
    assert danger is not None
    assert danger.patient.da == "Ring 112 nu"
    assert cat.change is not None
    assert (cat.change.score, cat.change.mic, kol.change) == ("catTotal", 2, None)


@pytest.mark.parametrize("questionnaire_id", ["cat", "mmrc", "kol-status"])
def test_no_patient_label_speaks_of_red_risk_or_lack(questionnaire_id):
    for definition in rule(questionnaire_id).scores.values():
        for words in definition.words.values():
            told = words.patient.da.lower()
            assert not any(word in told for word in ("rød", "gul", "risiko", "utilstrækkelig"))


FORM = registry(
    item("gate", "boolean"),
    item("a", "boolean", enableWhen=[when("gate")]),
    item("b", "boolean", enableWhen=[when("gate")]),
    integer("n", 0, 3),
    item("c", "choice", answerOption=[option("x", 1), option("y", 4), option("dont-know", None)]),
    integer("free", None, None),
    choice("many", 0, 1, repeats=True),
    item("t", "text"),
    item("bare", "choice", answerOption=[option("x", None)]),
)
GATED = small_score(
    "count-true", ["a", "b"], [0, 2], missing={"strategy": "known-from", "threshold": 1, "gate": "gate"}
)
GATED_VECTORS = [
    {
        "answers": {},
        "scores": {
            "total": {
                "value": None,
                "display": None,
                "band": None,
                "estimated": False,
                "answered": 0,
                "missing": 0,
                "reason": "too-many-missing",
            }
        },
    }
]


def small(tmp_path, *scores, answers, **more):
    known = load(tmp_path, small_rule(*scores, **more), registry=FORM)
    (form,) = FORM.all()
    return score(known.rule_for(form.canonical), form, read_plain(FORM.plan(form.canonical), answers)).scores[0]


@pytest.mark.parametrize(
    ("answers", "value", "counts"),
    [
        ({}, None, (0, 0)),
        ({"gate": False}, 0, (0, 0)),
        ({"gate": True}, None, (0, 2)),
        ({"gate": True, "a": False}, None, (1, 1)),
        ({"gate": True, "a": True}, 1, (1, 1)),
        ({"gate": True, "a": False, "b": False}, 0, (2, 0)),
        ({"gate": True, "a": True, "b": True}, 2, (2, 0)),
    ],
    ids=str,
)
def test_a_gate_that_says_no_gives_zero_and_an_unanswered_gate_gives_nothing(tmp_path, answers, value, counts):
    result = small(tmp_path, GATED, answers=answers, vectors=GATED_VECTORS)

    assert (result.value, (result.answered, result.missing)) == (value, counts)


def test_items_that_are_not_asked_are_neither_answered_nor_missing(tmp_path):
    score_a = small_score("count-true", ["a", "b"], [0, 2])

    result = small(tmp_path, score_a, answers={"gate": False}, vectors=GATED_VECTORS)

    assert (result.value, result.answered, result.missing, result.reason) == (None, 0, 0, "too-many-missing")


@pytest.mark.parametrize(
    ("form", "closing", "opening"),
    [
        pytest.param(
            [item("gate", "boolean"), item("g", "group", enableWhen=[when("gate")], item=[integer("n", 0, 3)])],
            {"gate": False},
            {"gate": True, "n": 3},
            id="a group that is left out",
        ),
        pytest.param(
            [item("gate", "boolean", item=[integer("n", 0, 3)])], {}, {"gate": False, "n": 3}, id="an open question"
        ),
    ],
)
def test_an_item_is_not_asked_either_where_what_is_around_it_is_not(tmp_path, form, closing, opening):
    known = registry(*form)
    (questionnaire,) = known.all()
    vectors = [{"answers": closing, "scores": GATED_VECTORS[0]["scores"]}]
    rule = load(tmp_path, small_rule(small_score("sum", ["n"], [0, 3]), vectors=vectors), registry=known).rules()[0]

    closed, opened = (
        score(rule, questionnaire, read_plain(known.plan(questionnaire.canonical), answers)).scores[0]
        for answers in (closing, opening)
    )

    assert (closed.value, closed.missing) == (None, 0)
    assert opened.value == 3
    assert opened.answered == 1


def test_an_option_without_points_counts_as_unanswered(tmp_path):
    total = small_score("sum", ["n", "c"], [0, 14], missing={"strategy": "impute-mean", "minAnswered": 1}, decimals=1)
    total["range"] = [0, 8]

    dont_know = small(tmp_path, total, answers={"n": 3, "c": "dont-know"})

    assert (dont_know.value, dont_know.estimated, dont_know.answered, dont_know.missing) == (6, True, 1, 1)
    assert small(tmp_path, total, answers={"n": 3, "c": 4}).value == Fraction(7)


def test_true_counts_one_in_a_sum(tmp_path):
    assert small(tmp_path, small_score("sum", ["gate", "n"], [0, 4]), answers={"gate": True, "n": 3}).value == 4


def broken(**more):
    return {**small_score("sum", ["n"], [0, 3]), **more}


BAND = {
    "code": "all",
    "when": {"all": [{"input": "total", "op": ">=", "value": 0}]},
    "clinician": label("x"),
    "patient": label("y"),
}


def band(code, op, value):
    return {**BAND, "code": code, "when": {"all": [{"input": "total", "op": op, "value": value}]}}


@pytest.mark.parametrize(
    ("told", "one"),
    [
        ("no item x", broken(items=["x"])),
        ("a list of texts", broken(items=[])),
        ("each text once", broken(items=["n", "n"])),
        ("cannot use", broken(items=["t"])),
        ("cannot use", broken(items=["many"])),
        ("cannot use", broken(op="count-true")),
        ("exactly one item", broken(op="value", items=["n", "gate"])),
        ("takes no offset", broken(offset=1)),
        ("without points", broken(items=["bare"])),
        ("minValue and maxValue", broken(items=["free"])),
        ("another range", broken(range=[0, 4])),
        ("another range", broken(range=[1, 3])),
        ("lowest and highest", broken(range=[0])),
        ("one of", broken(op="median")),
        ("one of", broken(type="category")),
        ("whole number", broken(decimals=None)),
        ("negative", broken(decimals=-1)),
        ("a text", broken(unit=None)),
        ("unknown field rounding", broken(rounding={})),
        ("object", broken(missing=None)),
        ("one of", broken(missing={"strategy": "zero"})),
        ("do not go together", broken(missing={"strategy": "impute-mean"})),
        ("do not go together", broken(missing={"strategy": "strict", "minAnswered": 1})),
        ("do not go together", broken(missing={"strategy": "strict", "threshold": 1})),
        ("do not go together", broken(missing={"strategy": "any"})),
        ("no parameter", broken(missing={"strategy": "impute-mean", "minAnswered": {"param": "p"}})),
        ("an item of the questionnaire", broken(missing={"strategy": "known-from", "threshold": 1, "gate": "x"})),
        ("a gate is", broken(missing={"strategy": "known-from", "threshold": 1, "gate": "n"})),
        ("lies in 0 bands", broken(bands=[band("low", "<", 3)])),
        ("lies in 2 bands", broken(bands=[band("low", "<=", 2), band("high", ">=", 2)])),
        ("holds no value", broken(bands=[BAND, band("more", ">", 3)])),
        ("one code", broken(bands=[band("low", "<", 2), band("low", ">=", 2)])),
        ("its own score", broken(bands=[{**BAND, "when": {"otherwise": True}}])),
        ("its own score", broken(bands=[{**BAND, "when": {"all": [{"input": "n", "op": ">=", "value": 0}]}}])),
        (
            "other codes",
            broken(
                type="category",
                op="any-true",
                items=["gate"],
                missing={"strategy": "any"},
                range=["yes", "no", "maybe"],
                labels=[{**BAND, "code": code} for code in ("yes", "no", "maybe")],
            ),
        ),
        (
            "one label",
            broken(type="category", op="any-true", items=["gate"], missing={"strategy": "any"}, range=["yes", "no"]),
        ),
        ("do not go together", broken(type="category", op="any-true", items=["gate"], range=["yes", "no"])),
        ("a text", broken(label={"da": "x"})),
        ("unknown field", broken(label={"da": "x", "en": "x", "de": "x"})),
        ("a text", broken(code={"system": "x", "code": "y"})),
    ],
)
def test_a_score_that_contradicts_itself_stops_the_start(tmp_path, told, one):
    known = {key: value for key, value in one.items() if value is not None}

    with pytest.raises(ContentError) as caught:
        load(tmp_path, small_rule(known), registry=FORM)

    assert told in str(caught.value)
    assert names_an_element(str(caught.value))


ONE = small_score("sum", ["n"], [0, 3])


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ("known questionnaire", {"questionnaire": "https://svarbro.example/fhir/Questionnaire/small|2.0.0"}),
        ("known questionnaire", {"questionnaire": "https://svarbro.example/fhir/Questionnaire/small"}),
        ("three numbers", {"version": "1"}),
        ("polarity", {"polarity": "up"}),
        ("licence", {"licence": ""}),
        ("sources", {"sources": []}),
        ("state", {"approval": {"state": "yes"}}),
        ("unknown field note", {"note": "x"}),
        ("each id once", {"scores": []}),
        ("each id once", {"scores": [ONE, ONE]}),
        ("one of the values", {"parameters": {"p": {"values": [1], "default": 2}}}),
        ("whole numbers", {"parameters": {"p": {"values": [True], "default": 1}}}),
        ("whole number", {"parameters": {"p": {"values": [1], "default": True}}}),
        ("at least one vector", {"vectors": []}),
        ("nothing reads the parameter p", {"parameters": {"p": {"values": [1], "default": 1}}}),
        ("something else", {"vectors": [{"answers": {"n": 1}, "scores": {}}]}),
        ("one of total", {"change": {"score": "x", "on": "value", "mic": 1}}),
        ("one of value", {"change": {"score": "total", "on": "shown", "mic": 1}}),
        ("break their questionnaire", {"vectors": [{"answers": {"n": 9}, "scores": {}}]}),
    ],
)
def test_a_rule_that_contradicts_itself_stops_the_start(tmp_path, told, more):
    with pytest.raises(ContentError) as caught:
        load(tmp_path, small_rule(ONE, **more), registry=FORM)

    assert told in str(caught.value)
    assert names_an_element(str(caught.value))


def test_bands_are_walked_for_every_allowed_parameter(tmp_path):
    content = shipped("rules/cat")
    content["parameters"]["minAnswered"]["values"] = [1, 6, 7, 8]

    assert load(tmp_path, content).rules()


def test_a_vector_can_name_parameters(tmp_path):
    content = shipped("rules/cat")
    content["vectors"] = [content["vectors"][8] | {"params": {"minAnswered": 8}}]

    with pytest.raises(ContentError, match="something else"):
        load(tmp_path, content)


def test_a_gap_between_two_bands_stops_the_start(tmp_path):
    content = shipped("rules/cat")
    content["scores"][0]["bands"][2]["when"]["all"][0] = {"input": "catTotal", "op": ">=", "value": 21}

    with pytest.raises(ContentError, match="lies in 0 bands"):
        load(tmp_path, content)
