"""Support need, health literacy and the GOLD group, against docs/clinical/."""

import json
from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.catalogue import Catalogue
from scoring.derived import derive
from scoring.derived_file import read_derived
from scoring.result import Score
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, scored, shipped
from tests.unit.scoring.refusals import names_an_element


def shk(*points):
    return {one.id: one for one in scored("shk-draft", {f"shk-{n}": one for n, one in enumerate(points, 1)}).scores}


@pytest.mark.parametrize(
    ("points", "colour"),
    [
        ((0, 0, 0, 0, 0, 0, 0), "green"),
        ((1, 1, 1, 1, 1, 1, 1), "green"),
        ((2, 1, 1, 1, 1, 1, 1), "green"),
        ((2, 0, 0, 0, 0, 0, 2), "yellow"),
        ((3, 0, 0, 0, 0, 0, 0), "yellow"),
        ((3, 2, 2, 2, 2, 2, 2), "yellow"),
        ((3, 0, 0, 0, 0, 0, 3), "red"),
        ((3, 3, 3, 3, 3, 3, 3), "red"),
        ((None, 0, 0, 0, 0, 0, 0), None),
        ((0, 0, 0, 0, 0, 0, None), None),
        ((None, 2, 0, 0, 0, 0, 0), None),
        ((None, 2, 2, 0, 0, 0, 0), "yellow"),
        ((None, None, None, None, None, None, 3), "yellow"),
        ((None, None, None, None, None, 3, 3), "red"),
        ((None,) * 7, None),
    ],
    ids=str,
)
def test_a_gap_never_gives_green_and_known_needs_are_never_lost_in_one(points, colour):
    result = shk(*points)["colour"]

    assert result.band == colour
    assert result.estimated is (colour is not None and None in points)
    assert result.reason == (None if colour else "input-missing")


def test_impact_and_support_are_summed_apart_and_strictly():
    result = shk(3, 2, 1, 3, 2, 1, None)

    assert (result["impactSum"].value, result["supportSum"].value) == (6, None)
    assert shk(0, 0, 0, 3, 3, 3, 3)["supportSum"].value == 12


def test_steps_on_the_way_are_marked_so_that_no_page_shows_them():
    rules = CATALOGUE.rules()
    marked = {
        (rule.version.id, name, rule.scores[name].use)
        for rule in rules
        for name in rule.scores
        if not rule.is_shown(name)
    }

    assert marked == {
        ("shk-draft", "count3", "internal"),
        ("shk-draft", "count2", "internal"),
        ("hls19-q12", "shareVeryEasy", "internal"),
        ("hls19-q12", "shareDifficult", "internal"),
        ("startback", "boundsRisk", "variant"),
        ("bhls", "flags", "variant"),
    }


def hls(very_easy, easy, hard, very_hard=0, dont_know=0):
    points = [4] * very_easy + [3] * easy + [2] * hard + [1] * very_hard + ["dont-know"] * dont_know
    answers = {f"hls19-{place:02d}": one for place, one in enumerate(points, 1)}
    return {one.id: one for one in scored("hls19-q12", answers).scores}


@pytest.mark.parametrize(
    ("answers", "shown", "level"),
    [
        ((12, 0, 0), "100", "excellent"),
        ((0, 12, 0), "100", "sufficient"),
        ((6, 6, 0), "100", "sufficient"),
        ((7, 5, 0), "100", "excellent"),
        ((7, 4, 1), "91.67", "excellent"),
        ((7, 3, 2), "83.33", "sufficient"),
        ((0, 10, 2), "83.33", "sufficient"),
        ((0, 9, 3), "75", "problematic"),
        ((9, 0, 3), "75", "problematic"),
        ((0, 6, 6), "50", "problematic"),
        ((0, 5, 7), "41.67", "inadequate"),
        ((1, 4, 0, 7), "41.67", "inadequate"),
        ((2, 3, 7), "41.67", "problematic"),
        ((0, 0, 0, 12), "0", "inadequate"),
        ((6, 4, 1, 0, 1), "90.91", "sufficient"),
        ((0, 8, 2, 0, 2), "80", "problematic"),
        ((1, 3, 6, 0, 2), "40", "problematic"),
        ((1, 3, 7, 0, 1), "36.36", "problematic"),
        ((0, 4, 6, 0, 2), "40", "inadequate"),
        ((9, 0, 0, 0, 3), None, None),
    ],
    ids=str,
)
def test_levels_are_shares_of_the_valid_answers_and_no_bands_of_the_score(answers, shown, level):
    result = hls(*answers)

    assert (result["score"].display, result["level"].band) == (shown, level)


def test_i_do_not_know_is_an_answer_without_points():
    result = hls(0, 10, 0, 0, 2)["score"]

    assert (result.value, result.answered, result.missing, result.estimated) == (100, 10, 2, True)


GOLD = CATALOGUE.derived("gold-abe")


def number(value, *, estimated=False):
    return Score("x", Fraction(value), str(value), None, estimated=estimated, answered=1, missing=0)


def gold(edition="gold-2026", **values):
    return derive(GOLD, {name: number(value) for name, value in values.items()}, params={"edition": edition})


@pytest.mark.parametrize(
    ("edition", "values", "group"),
    [
        ("gold-2026", {"cat": 9, "mmrc": 1, "exac12": 0, "adm12": 0}, "A"),
        ("gold-2026", {"cat": 10, "mmrc": 0, "exac12": 0, "adm12": 0}, "B"),
        ("gold-2026", {"cat": Fraction(69, 7), "mmrc": 0, "exac12": 0, "adm12": 0}, "A"),
        ("gold-2026", {"cat": 0, "mmrc": 2, "exac12": 0, "adm12": 0}, "B"),
        ("gold-2026", {"cat": 0, "mmrc": 0, "exac12": 1, "adm12": 0}, "E"),
        ("gold-2023", {"cat": 0, "mmrc": 0, "exac12": 1, "adm12": 0}, "A"),
        ("gold-2023", {"cat": 10, "mmrc": 0, "exac12": 1, "adm12": 0}, "B"),
        ("gold-2023", {"cat": 0, "mmrc": 0, "exac12": 2, "adm12": 0}, "E"),
        ("gold-2023", {"cat": 0, "mmrc": 0, "exac12": 0, "adm12": 1}, "E"),
        ("gold-2026", {"adm12": 1}, "E"),
        ("gold-2026", {"exac12": 1}, "E"),
        ("gold-2026", {"cat": 40, "mmrc": 4, "exac12": 0}, None),
        ("gold-2026", {"cat": 40, "mmrc": 4, "adm12": 0}, None),
        ("gold-2023", {"exac12": 1, "cat": 0}, None),
        ("gold-2026", {"cat": 0, "exac12": 0, "adm12": 0}, "A"),
        ("gold-2026", {"mmrc": 4, "exac12": 0, "adm12": 0}, "B"),
        ("gold-2026", {"exac12": 0, "adm12": 0}, None),
        ("gold-2026", {}, None),
    ],
    ids=str,
)
def test_the_gold_group_is_e_as_soon_as_the_known_counts_suffice(edition, values, group):
    result = gold(edition, **values)

    assert (result.id, result.band, result.value) == ("goldGroup", group, None)
    assert (result.answered, result.missing) == (len(values), 4 - len(values))
    assert result.estimated is (group is not None and len(values) < 4)
    assert result.reason == (None if group else "input-missing")


def test_a_group_on_an_estimated_cat_is_estimated():
    whole = {"mmrc": number(0), "exac12": number(0), "adm12": number(0)}

    assert derive(GOLD, {**whole, "cat": number(12, estimated=True)}).estimated
    assert not derive(GOLD, {**whole, "cat": number(12)}).estimated
    assert derive(GOLD, {**whole, "cat": None}).estimated


def test_the_gold_group_names_its_codes_inputs_and_words():
    assert GOLD.codes == ("A", "B", "E")
    assert {name: (one.questionnaire, one.score) for name, one in GOLD.inputs.items()} == {
        "cat": ("cat", "catTotal"),
        "mmrc": ("mmrc", "mmrc"),
        "exac12": ("kol-status", "exac12"),
        "adm12": ("kol-status", "adm12"),
    }
    words = GOLD.band_label("E")
    assert words is not None
    assert words.clinician.da == "GOLD E: forværringer"
    assert GOLD.band_label("D") is None
    assert (GOLD.title.da, GOLD.approval) == (shipped("rules/gold-abe")["title"]["da"], "draft")
    assert GOLD.params == {"edition": "gold-2026"}
    assert [one.version.id for one in CATALOGUE.derived_scores()] == ["gold-abe"]


def test_the_newest_derived_score_is_found_unless_a_version_is_named(tmp_path):
    newer = shipped("rules/gold-abe") | {"version": "10.0.0"}

    catalogue = load(tmp_path, shipped("rules/gold-abe"), newer)

    assert catalogue.derived("gold-abe").version.version == "10.0.0"
    assert catalogue.derived("gold-abe", "2.0.0").version.version == "2.0.0"
    with pytest.raises(ContentError, match="no derived score gold-abe in version 1"):
        catalogue.derived("gold-abe", "1.0.0")


def broken_gold(**more):
    return {**shipped("rules/gold-abe"), **more}


def with_score(**more):
    return broken_gold(score={**shipped("rules/gold-abe")["score"], **more})


ROWS = shipped("rules/gold-abe")["score"]["rows"]
INPUTS = shipped("rules/gold-abe")["inputs"]


@pytest.mark.parametrize(
    ("told", "content"),
    [
        ("newest rule of that questionnaire", broken_gold(inputs=[{**INPUTS[0], "questionnaire": "x"}])),
        ("newest rule of that questionnaire", broken_gold(inputs=[{**INPUTS[0], "score": "x"}])),
        ("unknown field", broken_gold(inputs=[{**INPUTS[0], "use": "x"}])),
        ("unknown field", broken_gold(questionnaire="x")),
        ("conditions on earlier scores", broken_gold(inputs=INPUTS[:3])),
        ("one of decision", with_score(op="sum")),
        ("one of rows", with_score(missing={"strategy": "inputs"})),
        ("unknown field", with_score(missing={"strategy": "rows", "needs": ["cat"]})),
        ("unknown field", with_score(items=["cat"])),
        ("never matches first", with_score(rows=[*ROWS[:1], *ROWS])),
        ("exactly one otherwise", with_score(rows=ROWS[:-1])),
        ("exactly one otherwise", with_score(rows=[ROWS[-1], *ROWS])),
        ("other codes", with_score(rows=[*ROWS[:-1], {"code": "B", "when": {"otherwise": True}}])),
        ("one code and one label", with_score(range=["A", "B"])),
        ("is never gold-2026", broken_gold(parameters={"edition": {"values": ["gold-2023"], "default": "gold-2023"}})),
        (
            "nothing reads the parameter x",
            broken_gold(parameters={**shipped("rules/gold-abe")["parameters"], "x": {"values": [1], "default": 1}}),
        ),
        ("at least one vector", broken_gold(vectors=[])),
        ("something else", broken_gold(vectors=[{"inputs": {"adm12": 1}, "score": {}}])),
        ("inputs of this score", broken_gold(vectors=[{"inputs": {"fev1": 1}, "score": {}}])),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_derived_score_that_contradicts_itself_stops_the_start(told, content):
    raw = json.dumps(content).encode()

    with pytest.raises(ContentError) as caught:
        read_derived(Fields.of_bytes(raw, "gold-abe-2.0.0.json"), raw, CATALOGUE.newest_rules())

    assert told in str(caught.value)
    assert names_an_element(str(caught.value))


def test_a_derived_file_that_bears_another_name_stops_the_start(tmp_path):
    load(tmp_path, shipped("rules/gold-abe"))
    (tmp_path / "rules" / "gold-abe-2.0.0.json").rename(tmp_path / "rules" / "other.json")

    with pytest.raises(ContentError, match=r"must be called gold-abe-2\.0\.0"):
        Catalogue.load(REGISTRY, tmp_path)


def test_a_category_can_be_the_input_of_a_derived_score(tmp_path):
    danger = {"name": "danger", "questionnaire": "kol-status", "score": "danger"}
    yes = {"all": [{"input": "danger", "op": "==", "value": "yes"}]}
    rows = [{"code": "E", "when": yes}, {"code": "A", "when": {"otherwise": True}}]
    told = {**shipped("rules/gold-abe")["vectors"][0]["score"], "band": "E", "answered": 1}
    content = with_score(rows=rows, range=["A", "E"], labels=shipped("rules/gold-abe")["score"]["labels"][::2])
    content |= {"inputs": [danger], "parameters": {}, "vectors": [{"inputs": {"danger": "yes"}, "score": told}]}

    rule = load(tmp_path, content).derived("gold-abe")

    answered = Score("danger", None, None, "yes", estimated=False, answered=3, missing=0)
    assert derive(rule, {"danger": answered}).band == "E"
    assert derive(rule, {}).band == "A"
