"""`svarbro suggest`: the shape that others script against, section 6 of the architecture."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from cli.main import main

STEADY = {
    "danger": "no",
    "exacNow": 0,
    "dischargeNew": "no",
    "cat": 12,
    "catDeltaBase": 0,
    "mrc": 2,
    "assessed": "yes",
}
NEEDS = {"cat": 31, "mrc": 5, "adm12": 0, "exac12": 0, "goldGroup": "B", "supportNeed": "small"}


def run(*arguments, lines):
    text = "\n".join(json.dumps(line) if isinstance(line, dict) else line for line in lines)
    result = CliRunner().invoke(main, ["suggest", *arguments], input=text)
    return result, [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def case(phase="followup", **inputs):
    return {"phase": phase, "inputs": STEADY | inputs, "estimated": [], "ages": {}}


def test_each_line_gives_one_line_with_alert_urgency_reasons_action_level_and_incomplete():
    result, given = run(
        "--table", "alert/kol", "--ndjson", lines=[case(), case(danger="yes", exacNow=2), case(cat=None)]
    )

    assert result.exit_code == 0
    assert given == [
        {
            "alert": "GREEN",
            "urgency": "routine",
            "reasons": ["K99"],
            "action": "K99",
            "level": None,
            "incomplete": False,
        },
        {
            "alert": "RED",
            "urgency": "emergency",
            "reasons": ["K01", "K02"],
            "action": "K01",
            "level": None,
            "incomplete": False,
        },
        {
            "alert": "UNKNOWN",
            "urgency": "planned-4-weeks",
            "reasons": ["unknown:cat"],
            "action": "unknown:cat",
            "level": None,
            "incomplete": True,
        },
    ]


def test_an_estimated_score_and_an_old_answer_are_told_apart_from_a_good_one():
    lines = [case() | {"estimated": ["cat"]}, case() | {"ages": {"mrc": 31}}, case() | {"ages": {"mrc": 30}}]

    _, given = run("--table", "alert/kol", "--ndjson", lines=lines)

    assert [one["reasons"] for one in given] == [["unknown:cat"], ["unknown:mrc"], ["K99"]]


@pytest.mark.parametrize(("value", "alert"), [("34/7", "GREEN"), ("35/7", "YELLOW"), (4.9, "GREEN"), (5.0, "YELLOW")])
def test_fractions_and_decimals_are_read_exactly(value, alert):
    _, (given,) = run("--table", "alert/kol", lines=[case(catDeltaBase=value)])

    assert given["alert"] == alert


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["--table", "needs/kol"], {"inputs": NEEDS}, id="part in the table's name"),
        pytest.param(["--table", "needs/generic", "--part", "kol"], {"phase": "start", "inputs": NEEDS}, id="option"),
        pytest.param(["--table", "needs/generic"], {"part": "kol", "inputs": NEEDS}, id="in the line"),
    ],
)
def test_a_needs_table_gives_dimensions_and_a_level(arguments, line):
    result, (given,) = run(*arguments, "--ndjson", lines=[line])

    assert result.exit_code == 0
    assert {name: one["colour"] for name, one in given["dimensions"].items()} == {
        "burden": "RED",
        "function": "RED",
        "risk": "GREEN",
        "support": "GREEN",
    }
    assert given["dimensions"]["burden"] == {"colour": "RED", "reasons": ["NK1", "NK2"], "incomplete": False}
    assert (given["level"], given["incomplete"]) == (3, False)
    assert given["reasons"] == ["NK1", "NK2", "NK4", "NK5", "NK9", "N09"]
    assert set(given) == {"dimensions", "reasons", "level", "incomplete"}


def test_the_level_is_open_while_a_required_dimension_is_unknown():
    _, (given,) = run("--table", "needs/lrs", lines=[{"inputs": {"pain": 8, "prognosis": "high"}}])

    assert (given["level"], given["incomplete"]) == (None, True)
    assert given["dimensions"]["function"]["reasons"] == ["unknown:limitation"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        pytest.param(case(mood=3), "unknown-input", id="unknown input"),
        pytest.param(case(cat=41), "out-of-domain", id="out of range"),
        pytest.param(case(danger=True), None, id="true is no code"),
        pytest.param(case() | {"ages": {"mrc": "old"}}, None, id="ages"),
        pytest.param(case() | {"estimated": "cat"}, None, id="estimated"),
        pytest.param(case() | {"colour": "RED"}, None, id="unknown element"),
        pytest.param(case(phase="later"), None, id="phase"),
        pytest.param({"inputs": STEADY}, None, id="no phase"),
        pytest.param("{", "not-json", id="no json"),
    ],
)
def test_a_case_that_cannot_be_evaluated_is_named_and_the_others_are_still_told(line, rule):
    result, given = run("--table", "alert/kol", "--ndjson", lines=[line, "", case()])

    assert result.exit_code == 1
    assert len(given) == 2
    assert given[0]["error"]["issues"][0]["rule"] == rule
    assert given[1]["alert"] == "GREEN"


def test_a_part_that_nobody_named_is_refused():
    result, (given,) = run("--table", "needs/generic", lines=[{"inputs": NEEDS}])

    assert result.exit_code == 1
    assert "part" in given["error"]["text"]


@pytest.mark.parametrize("table", ["alert/mood", "needs/mood"])
def test_a_table_that_does_not_exist_is_misuse(table):
    result, _ = run("--table", table, lines=[case()])

    assert result.exit_code == 2


LOADED = """
import sys
from click.testing import CliRunner
from cli.main import main
result = CliRunner().invoke(main, ["suggest", "--table", "alert/kol", "--ndjson"], input=sys.argv[1])
assert result.exit_code == 0, result.output
print(" ".join(sys.modules))
"""


def test_neither_flask_nor_sqlalchemy_nor_fhir_models_are_loaded():
    told = subprocess.run(
        [sys.executable, "-c", LOADED, json.dumps(case())], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = {name.split(".")[0] for name in told.stdout.split()}
    assert "scoring" in loaded
    assert not loaded & {"flask", "sqlalchemy", "fhir", "pydantic", "marshmallow", "requests", "apscheduler"}
