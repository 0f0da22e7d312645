"""What a needs table may not say."""

import json

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.catalogue import HERE
from scoring.input_file import read_inputs
from scoring.rule_set import RuleSet
from scoring.table_set import load_tables
from tests.unit.scoring.content import CATALOGUE
from tests.unit.scoring.refusals import names_an_element

RULES = RuleSet({}, CATALOGUE.newest_rules(), {("gold-abe", "2.0.0"): CATALOGUE.derived("gold-abe")})


def needs():
    return json.loads((HERE / "tables/needs-generic-2.0.0.json").read_bytes())


def refusal(directory, fields, name="needs-generic-2.0.0.json"):
    (directory / name).write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_tables(directory, RULES)
    return str(caught.value)


def one_input(fields, name):
    return next(one for one in fields["inputs"] if one["name"] == name)


def dimension(fields, part, name):
    return next(one for one in fields["parts"][part] if one["id"] == name)


def change_input(name, **change):
    return lambda fields: one_input(fields, name).update(change)


def change_dimension(name, **change):
    return lambda fields: dimension(fields, "kol", name).update(change)


def change_row(name, place, **change):
    return lambda fields: dimension(fields, "kol", name)["rows"][place].update(change)


def change_level(place, **change):
    return lambda fields: fields["levels"][place].update(change)


def source(name, **change):
    return lambda fields: one_input(fields, name)["source"].update(change)


def when(name, op, value):
    return {"all": [{"input": name, "op": op, "value": value}]}


def no_rest(fields):
    del dimension(fields, "kol", "burden")["rows"][2]


def no_vector_of_a_part(fields):
    fields["vectors"] = [one for one in fields["vectors"] if one["part"] != "lrs"]


def map_without_a_code(fields):
    del one_input(fields, "prognosis")["source"]["map"]["startback.risk"]["high"]


FAULTS = {
    "unknown field": ("unknown field colours", lambda fields: fields.update(colours={})),
    "neither alert nor needs": ("one of alert, needs", lambda fields: fields.update(result="mood")),
    "another meaning": ("unknown field UNKNOWN", lambda fields: fields["colourMeaning"].update(UNKNOWN={})),
    "valid for no month": ("validMonths", lambda fields: fields.update(validMonths=0)),
    "inputs that nobody knows": ("names of inputs", change_dimension("burden", inputs=["mood"])),
    "no rows": ("otherwise at most once and last", change_dimension("burden", rows=[])),
    "otherwise first": ("otherwise at most", lambda fields: dimension(fields, "kol", "burden")["rows"].reverse()),
    "unknown as an outcome": ("one of GREEN", change_row("burden", 0, outcome={"colour": "UNKNOWN"})),
    "an alert as an outcome": ("unknown field alert", change_row("burden", 0, outcome={"alert": "RED"})),
    "an automatic name": ("kept for automatic rows", change_row("burden", 0, id="unknown:cat")),
    "a level of four": ("1, 2, 3 or nothing", change_level(1, level=4)),
    "no otherwise level": ("exactly one otherwise", lambda fields: fields["levels"].pop()),
    "a level by mood": ("V2: T1: mood", change_level(1, when=when("mood", "==", "RED"))),
    "a level by a parameter": (
        "V2: T1: risk",
        change_level(1, when={"all": [{"param": "risk", "op": "==", "value": "RED"}]}),
    ),
    "a count like a colour": ("V2: T1: red", change_level(1, when=when("red", "==", "RED"))),
    "a colour like a count": ("V2: T1: risk", change_level(1, when=when("risk", "==", 2))),
    "a colour that is none": ("BLUE is no colour", change_level(1, when=when("risk", "==", "BLUE"))),
    "a level while unknown": ("V1: open if and only if", change_level(0, level=1)),
    "no level though known": ("V4: open if and only if", change_level(3, level=None)),
    "a level that improves": ("T7: a worse dimension", change_level(2, level=3, when=when("yellow", ">=", 2))),
    "an unreachable level": ("T8: level row V3", change_level(2, when=when("red", ">=", 9))),
    "two dimensions of one id": ("T1: each dimension once", change_dimension("burden", id="function")),
    "a dimension like a count": ("T1: each dimension once", change_dimension("burden", id="red")),
    "a row on another input": ("T1: no input mrc", change_row("burden", 0, when=when("mrc", ">", 3))),
    "a row on a gap": (
        "T1: cat can never",
        change_row("burden", 0, when={"all": [{"input": "cat", "op": "is-null"}]}),
    ),
    "a value outside": ("T1: cat can never", change_row("burden", 0, when=when("cat", ">", 41))),
    "a colour that improves": (
        "T7: a worse input",
        change_row("burden", 1, when=when("cat", "==", 10)),
    ),
    "a row that never matches": (
        "T8: row NK1",
        change_row("burden", 0, when={"all": [*when("cat", ">", 30)["all"], *when("cat", "<", 20)["all"]]}),
    ),
    "a value without a row": ("T8: no row holds", no_rest),
    "required without a required input": ("T3: a dimension is required", change_dimension("burden", required=False)),
    "another domain of a derived score": (
        "goldGroup: T1",
        change_input("goldGroup", domain=["A", "B"], worse=["A", "B"]),
    ),
    "a derived score that does not exist": ("no derived score mood", source("goldGroup", derived="mood")),
    "another score of it": ("goldGroup: T1", source("goldGroup", score="mood")),
    "a clinician who says UNKNOWN": (
        "clinicianColour: T1",
        change_input("clinicianColour", domain=["GREEN", "RED"], worse=["GREEN", "RED"]),
    ),
    "a map without a code": ("T1: its map must name every code of risk", map_without_a_code),
    "a map to nowhere": (
        "one of low",
        lambda fields: one_input(fields, "prognosis")["source"]["map"]["startback.risk"].update(high="huge"),
    ),
    "a map of a score that does not exist": (
        "no rule gives startback.mood",
        lambda fields: one_input(fields, "prognosis")["source"]["map"].update({"startback.mood": {"low": "low"}}),
    ),
    "slot and questionnaire": ("a slot or a questionnaire", source("limitation", questionnaire="odi")),
    "map and score": ("or a map of a current score", source("prognosis", score="risk")),
    "a map of a change": ("or a map", source("prognosis", use="delta", against="last")),
    "a verdict with a score": ("the change rule", source("limitation", use="worse", against="last")),
    "no vectors of a part": ("at least one vector for each part", no_vector_of_a_part),
    "a vector that differs": ("something else", lambda fields: fields["vectors"][0]["result"].update(level=3)),
    "a vector of another table": (
        "not those of the table",
        lambda fields: fields["vectors"][0]["inputs"].update(mood=1),
    ),
    "a vector of another part": ("one of kol", lambda fields: fields["vectors"][0].update(part="mood")),
}


@pytest.mark.parametrize(("told", "change"), FAULTS.values(), ids=FAULTS)
def test_a_needs_table_that_contradicts_itself_stops_the_start(tmp_path, told, change):
    fields = needs()
    change(fields)

    found = refusal(tmp_path, fields)

    assert told in found
    assert names_an_element(found)


def test_a_file_that_bears_another_name_stops_the_start(tmp_path):
    assert "must be called needs-generic-2.0.0" in refusal(tmp_path, needs(), "needs-2.0.0.json")


def test_the_newest_needs_table_is_found_unless_a_version_is_named(tmp_path):
    for version in ("2.0.0", "10.0.0"):
        fields = needs() | {"version": version}
        (tmp_path / f"needs-generic-{version}.json").write_text(json.dumps(fields), encoding="utf-8")

    assert [version for _, version in load_tables(tmp_path, RULES).needs] == ["2.0.0", "10.0.0"]
    assert CATALOGUE.needs().version.version == CATALOGUE.needs("needs/generic", "2.0.0").version.version
    assert CATALOGUE.needs() in CATALOGUE.needs_tables()
    with pytest.raises(ContentError, match="no table needs/other"):
        CATALOGUE.needs("needs/other")


def verdict(**change):
    made = {"slot": "function", "use": "worse", "against": "last"} | change
    return {
        "name": "worse",
        "label": {"da": "Værre", "en": "Worse"},
        "type": "code",
        "domain": ["no", "yes"],
        "worse": ["no", "yes"],
        "validFor": {"days": 90},
        "source": made,
    }


def alert_with(one):
    fields = json.loads((HERE / "tables/alert-lrs-2.0.0.json").read_bytes())
    fields["inputs"].append(one | {"required": {"start": False, "followup": False}})
    return fields


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"slot": None, "questionnaire": "lrs-flags"}, "T1: the instrument has no rule for this change"),
        ({"slot": None, "questionnaire": "mood"}, "T1: the instrument has no rule for this change"),
        ({"slot": None, "questionnaire": "nrs-pain", "use": "real-worse"}, "T1: the instrument has no rule"),
    ],
)
def test_a_verdict_needs_the_instruments_own_rule(tmp_path, change, told):
    one = verdict()
    one["source"] = {name: value for name, value in (one["source"] | change).items() if value is not None}

    assert told in refusal(tmp_path, alert_with(one), "alert-lrs-2.0.0.json")


def test_a_verdict_is_yes_or_no(tmp_path):
    one = verdict() | {"domain": ["small", "large"], "worse": ["small", "large"]}
    one["source"] = {"questionnaire": "rmdq23", "use": "worse", "against": "last"}

    assert "T1: its domain is no and yes" in refusal(tmp_path, alert_with(one), "alert-lrs-2.0.0.json")


def test_an_input_stands_once():
    fields = Fields({"inputs": [verdict(), verdict()]}, "table")

    with pytest.raises(ContentError, match="each name once"):
        read_inputs(fields, {"worse": {}})


@pytest.mark.parametrize(
    "ceiling", [{"yellowOrRed": 1, "red": 2}, {"yellowOrRed": "many", "red": 2}, {"yellowOrRed": 1}]
)
def test_a_ceiling_is_two_numbers(tmp_path, ceiling):
    fields = json.loads((HERE / "tables/alert-lrs-2.0.0.json").read_bytes()) | {"ceiling": ceiling}

    assert "ceiling" in refusal(tmp_path, fields, "alert-lrs-2.0.0.json")
