"""`svarbro validate`: the shape that others script against, section 6 of the architecture."""

import json

import pytest

from questionnaires.registry import DEFINITIONS
from tests.unit.cli.fed import CAT, FHIR, assert_lines_take_no_memory, cat, coded, lines_of, run

WELL = {"severity": "information", "code": "informational", "details": {"text": "No fault was found."}}
URL = "https://other.example/Questionnaire/nrs-pain"
PLAIN = {
    "resourceType": "Questionnaire",
    "status": "active",
    "item": [{"linkId": "1", "type": "boolean", "required": True}],
}
"""The least that a Questionnaire can be."""
OURS = DEFINITIONS / "nrs-pain-2.0.0.json"


def file_of(directory, name, body):
    path = directory / name
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return str(path)


def theirs(**other):
    """Build a Questionnaire that is none of ours."""
    return json.loads(OURS.read_text(encoding="utf-8")) | {"url": URL} | other


def answered(code="3", **other):
    item = {"linkId": "nrs-pain", "answer": [coded(code, "nrs-pain")]}
    return {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [item], **other}


def rules(outcome):
    return [issue["details"].get("coding", [{"code": None}])[0]["code"] for issue in outcome["issue"]]


def test_each_file_gives_one_outcome_in_order_and_a_valid_one_says_so(tmp_path):
    files = [file_of(tmp_path, "a.json", cat()), file_of(tmp_path, "b.json", cat("9-------"))]

    result, (well, ill) = run("validate", *files)

    assert result.exit_code == 1
    assert well == {"resourceType": "OperationOutcome", "issue": [WELL]}
    assert ill["issue"][0]["expression"] == ["QuestionnaireResponse.item[0].answer[0].valueCoding"]
    assert rules(ill) == ["not-an-option"]


def test_valid_files_alone_end_with_exit_code_zero(tmp_path):
    result, outcomes = run("validate", file_of(tmp_path, "a.json", cat()), file_of(tmp_path, "b.json", cat("1-------")))

    assert (result.exit_code, len(outcomes)) == (0, 2)


def test_a_dash_is_standard_input():
    result, (outcome,) = run("validate", "-", fed=json.dumps(cat(), indent=2))

    assert result.exit_code == 0
    assert outcome["issue"] == [WELL]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no file"),
        pytest.param(["no-such-file.json"], id="no such file"),
        pytest.param(["."], id="a directory"),
        pytest.param(["--mood", "-"], id="no such option"),
        pytest.param(["--questionnaire", f"{FHIR}/Questionnaire/mood|1.0.0", "-"], id="an unknown canonical"),
        pytest.param(["--questionnaire", f"{FHIR}/Questionnaire/cat", "-"], id="a canonical without version"),
    ],
)
def test_misuse_ends_with_exit_code_two_and_tells_no_outcome(arguments):
    result, outcomes = run("validate", *arguments, fed=json.dumps(cat()))

    assert (result.exit_code, outcomes) == (2, [])


def test_each_line_gives_one_line_in_order_and_what_cannot_be_read_stops_nothing():
    lines = lines_of(cat(), "{", cat("3---9---"), "", "[1]", '{"a": NaN}', cat("-------3"))

    result, outcomes = run("validate", "--ndjson", fed=lines)

    assert result.exit_code == 1
    assert [rules(outcome) for outcome in outcomes] == [
        [None],
        ["not-json"],
        ["not-an-option"],
        ["not-an-object"],
        ["not-json"],
        [None],
    ]


def test_lines_come_from_all_files_one_after_another(tmp_path):
    files = [file_of(tmp_path, "a", lines_of(cat(), cat())), file_of(tmp_path, "b", json.dumps(cat("7-------")))]

    result, outcomes = run("validate", "--ndjson", *files)

    assert result.exit_code == 1
    assert [rules(outcome)[0] for outcome in outcomes] == [None, None, "not-an-option"]


def test_bytes_that_are_no_utf_8_are_told_on_their_own_line():
    result, outcomes = run("validate", "--ndjson", fed=b'{"a": "\xff"}\n' + lines_of(cat()).encode())

    assert result.exit_code == 1
    assert [rules(outcome)[0] for outcome in outcomes] == ["not-json", None]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_that_is_far_too_long_is_one_outcome_and_the_next_line_is_read(end):
    endless = "x" * (9 * 1024 * 1024)

    _, outcomes = run("validate", "--ndjson", fed=lines_of(cat(), endless, cat()) + endless + end)

    assert [rules(outcome)[0] for outcome in outcomes] == [None, "too-large", None, "too-large"]


@pytest.mark.parametrize("status", ["in-progress", "completed", "amended", "entered-in-error", "stopped"])
def test_every_status_of_fhir_is_valid(status):
    result, _ = run("validate", "-", fed=json.dumps(cat(status=status)))

    assert result.exit_code == 0


def test_the_questionnaire_that_a_response_names_must_be_known_exactly():
    result, outcomes = run(
        "validate",
        "--ndjson",
        fed=lines_of(cat(questionnaire=CAT.replace("2.0.0", "9.0.0")), cat(questionnaire=CAT.partition("|")[0])),
    )

    assert result.exit_code == 1
    assert [rules(outcome) for outcome in outcomes] == [["questionnaireNotFound"]] * 2


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param({"questionnaire": f"{URL}|2.0.0"}, [None], id="the same"),
        pytest.param({"questionnaire": URL}, [None], id="without version"),
        pytest.param({}, [None], id="none"),
        pytest.param({"questionnaire": f"{URL}|2.0.1"}, ["another-questionnaire"], id="another version"),
        pytest.param({"questionnaire": CAT}, ["another-questionnaire"], id="another one"),
        pytest.param({"questionnaire": 7}, ["wrong-type"], id="no canonical"),
    ],
)
def test_a_response_may_name_the_given_questionnaire_or_none_but_no_other(tmp_path, named, expected):
    given = file_of(tmp_path, "q.json", theirs())

    result, (outcome,) = run("validate", "--questionnaire", given, "-", fed=json.dumps(answered(**named)))

    assert rules(outcome) == expected
    assert result.exit_code == int(expected != [None])


def test_every_fault_against_a_given_questionnaire_is_told(tmp_path):
    given = file_of(tmp_path, "q.json", theirs())
    lines = lines_of(answered("11", questionnaire=CAT), {"resourceType": "Patient"}, answered("-1"), "{")

    result, outcomes = run("validate", "--questionnaire", given, "--ndjson", fed=lines)

    assert result.exit_code == 1
    assert rules(outcomes[0]) == ["another-questionnaire", "not-an-option"]
    assert rules(outcomes[1]) == ["wrong-resource"]
    assert rules(outcomes[2]) == ["not-an-option"]
    assert rules(outcomes[3]) == ["not-json"]


def test_one_of_ours_is_given_by_its_canonical():
    unnamed = cat()
    del unnamed["questionnaire"]

    result, outcomes = run("validate", "--questionnaire", CAT, "--ndjson", fed=lines_of(unnamed, answered()))

    assert result.exit_code == 1
    assert [rules(outcome)[0] for outcome in outcomes] == [None, "unknown-linkId"]


@pytest.mark.parametrize(
    ("body", "element"),
    [
        pytest.param({**PLAIN, "item": [{"linkId": "1", "type": "mood"}]}, "Questionnaire.item[0].type", id="a code"),
        pytest.param({**PLAIN, "resourceType": "Patient"}, "Questionnaire.resourceType", id="another resource"),
        pytest.param(
            {**PLAIN, "item": [{"linkId": "1.a", "type": "choice", "answerValueSet": "http://other.example/moods"}]},
            "Questionnaire.repeat(item).where(linkId='1.a')",
            id="what is not supported",
        ),
        pytest.param("{", "Questionnaire", id="no JSON"),
    ],
)
def test_a_questionnaire_that_cannot_be_used_is_told_by_its_element_and_is_misuse(tmp_path, body, element):
    given = file_of(tmp_path, "q.json", body)

    result, (outcome,) = run("validate", "--questionnaire", given, "-", fed=json.dumps(answered()))

    assert result.exit_code == 2
    assert outcome["issue"][0]["severity"] == "error"
    assert outcome["issue"][0]["expression"] == [element]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([{"valueBoolean": True}], [None], id="valid"),
        pytest.param([{"valueBoolean": "true"}], ["not-a-boolean"], id="a text"),
        pytest.param([], ["empty", "required"], id="nothing"),
    ],
)
def test_any_questionnaire_will_do_even_one_without_a_name(tmp_path, answers, expected):
    given = file_of(tmp_path, "q.json", PLAIN)
    item = {"linkId": "1", "answer": answers}

    _, (outcome,) = run("validate", "--questionnaire", given, "-", fed=json.dumps(answered(item=[item])))

    assert rules(outcome)[0] == expected[0]


def test_a_draft_is_warned_of_and_its_responses_are_valid_all_the_same(tmp_path):
    given = file_of(tmp_path, "q.json", {**PLAIN, "status": "draft"})
    item = {"linkId": "1", "answer": [{"valueBoolean": True}]}

    result, (outcome,) = run("validate", "--questionnaire", given, "-", fed=json.dumps(answered(item=[item])))

    assert result.exit_code == 0
    assert [issue["severity"] for issue in outcome["issue"]] == ["warning"]
    assert rules(outcome) == ["questionnaireDraft"]


def test_many_lines_take_no_more_memory_than_few_and_nothing_heavy_is_loaded():
    line = lines_of(cat("51243305")).encode()

    assert_lines_take_no_memory("validate", line, "questionnaires")
