"""`svarbro score`: the shape that others script against, section 6 of the architecture."""

import json

import pytest

from tests.unit.cli.fed import CAT, FHIR, assert_lines_take_no_memory, cat, coded, lines_of, run
from tests.unit.house.house import ROOT

EXAMPLES = str(ROOT / "docs" / "examples" / "answers.ndjson")
GAPPED = "4--33333"
"""Six of eight answered, 19 points: 19 * 8 / 6 = 76/3; with seven needed, no score."""


def cat_total(value, display, band, *, missing=0):
    one = {"id": "catTotal", "value": value, "display": display, "band": band}
    return one | {"estimated": missing > 0 and value is not None, "answered": 8 - missing, "missing": missing}


def startback(yes, bother=0):
    items = [{"linkId": f"startback-{n}", "answer": [{"valueBoolean": n in yes}]} for n in range(1, 9)]
    items.append({"linkId": "startback-9", "answer": [coded(bother, "startback")]})
    canonical = f"{FHIR}/Questionnaire/startback|2.0.0"
    return {"resourceType": "QuestionnaireResponse", "questionnaire": canonical, "status": "completed", "item": items}


def test_each_line_gives_its_questionnaire_its_scores_and_no_error():
    lines = lines_of(cat("33333333"), cat("3333333-"), cat("20000000"), cat("5-------"))

    result, given = run("score", "--ndjson", fed=lines)

    assert result.exit_code == 0
    assert given == [
        {"questionnaire": CAT, "scores": [cat_total(24, 24, "high")], "error": None},
        {"questionnaire": CAT, "scores": [cat_total(24, 24, "high", missing=1)], "error": None},
        {"questionnaire": CAT, "scores": [cat_total(2, 2, "low")], "error": None},
        {"questionnaire": CAT, "scores": [cat_total(None, None, None, missing=7)], "error": None},
    ]


def test_a_fraction_is_written_exactly_and_shown_rounded_half_up():
    _, (given,) = run("score", "--ndjson", fed=lines_of(cat("3333332-")))

    assert given["scores"] == [cat_total("160/7", 22.9, "high", missing=1)]
    assert list(given["scores"][0]) == ["id", "value", "display", "band", "estimated", "answered", "missing"]


def test_a_category_has_its_code_in_band_and_no_value():
    _, (given,) = run("score", "--ndjson", fed=lines_of(startback({5, 6, 7, 8})))

    risk = next(one for one in given["scores"] if one["id"] == "risk")
    assert (risk["value"], risk["display"], risk["band"]) == (None, None, "high")


def test_a_vector_is_a_list_with_null_for_what_is_unanswered():
    answers = [{"linkId": "bhls-1", "answer": [coded(4, "bhls")]}, {"linkId": "bhls-3", "answer": [coded(0, "bhls")]}]
    canonical = f"{FHIR}/Questionnaire/bhls|2.0.0"

    _, (given,) = run("score", "--ndjson", fed=lines_of(cat(questionnaire=canonical, item=answers)))

    flags = next(one for one in given["scores"] if one["id"] == "flags")
    assert (flags["value"], flags["display"], flags["band"]) == ([1, None, 0], [1, None, 0], None)
    assert (flags["estimated"], flags["answered"], flags["missing"]) == (True, 2, 1)


def test_a_line_may_bring_parameters():
    enveloped = {"response": cat(GAPPED), "params": {"minAnswered": 7}}

    result, (lenient, strict) = run("score", "--ndjson", fed=lines_of(cat(GAPPED), enveloped))

    assert result.exit_code == 0
    assert lenient["scores"] == [cat_total("76/3", 25.3, "high", missing=2)]
    assert strict["scores"] == [cat_total(None, None, None, missing=2)]


def test_a_parameter_of_another_score_may_stand_there_and_changes_nothing():
    lines = lines_of({"response": cat(), "params": {"edition": "gold-2023"}}, {"response": cat()})

    result, (given, plain) = run("score", "--ndjson", fed=lines)

    assert result.exit_code == 0
    assert given == plain


@pytest.mark.parametrize(
    ("params", "code", "told"),
    [
        pytest.param({"mood": 1}, "unknown-parameter", "mood", id="unknown"),
        pytest.param({"2512489996": 1}, "unknown-parameter", "?", id="a number that may be somebody's"),
        pytest.param({"minAnswered": 5}, "parameter-not-allowed", "6, 7, 8", id="below the lowest"),
        pytest.param({"minAnswered": 9}, "parameter-not-allowed", "minAnswered", id="above the highest"),
        pytest.param({"minAnswered": "6"}, "parameter-not-allowed", "minAnswered", id="a text is no number"),
        pytest.param({"edition": "gold-2022"}, "parameter-not-allowed", "gold-2023", id="another score's"),
        pytest.param({"minAnswered": 7.0}, "parameter-not-allowed", "minAnswered", id="a decimal is no whole number"),
        pytest.param({"minAnswered": True}, "parameter-not-allowed", "minAnswered", id="true is no number"),
    ],
)
def test_a_parameter_that_is_unknown_or_not_allowed_is_named(params, code, told):
    result, (given,) = run("score", "--ndjson", fed=lines_of({"response": cat(), "params": params}))

    assert result.exit_code == 1
    assert (given["questionnaire"], given["scores"], given["error"]["code"]) == (CAT, [], code)
    assert told in given["error"]["text"]
    assert given["error"]["linkId"] is None


@pytest.mark.parametrize(
    ("line", "code", "link_id", "questionnaire"),
    [
        pytest.param(cat("9-------"), "not-an-option", "cat-1", CAT, id="an answer"),
        pytest.param(cat(item=[{"linkId": "cat-9"}]), "unknown-linkId", "cat-9", CAT, id="an item"),
        pytest.param(cat(status="entered-in-error"), "status-not-accepted", None, CAT, id="withdrawn"),
        pytest.param(cat(questionnaire="urn:mood|1"), "questionnaireNotFound", None, None, id="unknown questionnaire"),
        pytest.param({"resourceType": "Patient"}, "wrong-resource", None, None, id="another resource"),
        pytest.param({"response": cat(), "mood": 1}, "structure", None, None, id="more than response and params"),
        pytest.param({"response": 3}, "structure", None, None, id="no response"),
        pytest.param({"response": cat(), "params": []}, "structure", None, None, id="no parameters"),
        pytest.param("{", "not-json", None, None, id="no JSON"),
        pytest.param('{"response": {', "not-json", None, None, id="no JSON around a response"),
    ],
)
def test_what_is_refused_is_told_with_code_and_item_and_the_next_line_is_scored(line, code, link_id, questionnaire):
    result, (given, after) = run("score", "--ndjson", fed=lines_of(line, cat()))

    assert result.exit_code == 1
    assert (given["questionnaire"], given["scores"]) == (questionnaire, [])
    assert (given["error"]["code"], given["error"]["linkId"]) == (code, link_id)
    assert set(given["error"]) == {"code", "linkId", "text"}
    assert after["scores"] == [cat_total(24, 24, "high")]


def test_an_item_called_response_is_no_envelope():
    odd = cat(item=[{"linkId": "response"}])

    _, (given,) = run("score", "--ndjson", fed=lines_of(odd))

    assert (given["error"]["code"], given["error"]["linkId"]) == ("unknown-linkId", "response")


def test_the_response_of_an_envelope_is_read_as_it_was_written():
    item = '{"linkId": "cat-1", "answer": [{"valueInteger": 1.50}]}'
    response = json.dumps(cat(item=[])).replace("[]", f"[{item}]")

    _, (given,) = run("score", "--ndjson", fed=f'{{ "params" : {{}} , "response" : {response} }}\n')

    assert given["error"]["linkId"] == "cat-1"


def test_files_are_scored_one_after_another_and_shown_indented(tmp_path):
    for name, points in (("a.json", "33333333"), ("b.json", "00000000")):
        (tmp_path / name).write_text(json.dumps(cat(points), indent=1))

    result, given = run("score", str(tmp_path / "a.json"), str(tmp_path / "b.json"))

    assert result.exit_code == 0
    assert [one["scores"][0]["value"] for one in given] == [24, 0]
    assert '\n  "scores"' in result.stdout


@pytest.mark.parametrize("arguments", [[], ["no-such-file"], ["--mood"]])
def test_misuse_ends_with_exit_code_two(arguments):
    result, _ = run("score", *arguments)

    assert result.exit_code == 2


def test_many_lines_take_no_more_memory_than_few_and_nothing_heavy_is_loaded():
    line = lines_of(cat("5124330-")).encode()

    assert_lines_take_no_memory("score", line, "scoring")


def test_the_examples_of_the_readme_are_valid_and_scored():
    checked, outcomes = run("validate", "--ndjson", EXAMPLES)
    scored, given = run("score", "--ndjson", EXAMPLES)

    assert (checked.exit_code, scored.exit_code) == (0, 0)
    assert len(outcomes) == len(given)
    assert [one["scores"][0]["value"] for one in given] == [24, "160/7", 5]
