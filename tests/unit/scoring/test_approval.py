"""Approval: two different people, one exact file; until then a table says that it waits, never green."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kernel.errors import ContentError
from questionnaires.model import Text
from questionnaires.registry import Registry
from scoring.approval import Approval, approvers, person_of
from scoring.approval_file import HERE, load_approval_rule, parse_approval_rule
from scoring.awaiting import awaiting_alert, awaiting_needs
from scoring.catalogue import Catalogue
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow
from scoring.result import RuleVersion
from scoring.suggestion import UsedInput

AT = datetime(2027, 1, 11, tzinfo=UTC)
TABLE = RuleVersion("alert/kol", "2.0.0", "a" * 64)
CATALOGUE = Catalogue.load(Registry.load())
RULE = load_approval_rule()


def approval(by, content=TABLE):
    return Approval(content, by, AT)


@pytest.mark.parametrize(
    ("approvals", "met"),
    [
        ([], False),
        ([approval("Lise Holm")], False),
        ([approval("Lise Holm"), approval("Nete Bruun")], True),
        ([approval("Lise Holm"), approval(" lise  HOLM ")], False),
        ([approval("Lise Holm"), approval("Nete Bruun", replace(TABLE, sha256="b" * 64))], False),
        ([approval("Lise Holm"), approval("Nete Bruun", replace(TABLE, version="2.0.1"))], False),
        ([approval("Lise Holm"), approval("Nete Bruun", replace(TABLE, id="alert/lrs"))], False),
    ],
    ids=["nobody", "one", "two", "one-twice", "another-hash", "another-version", "another-table"],
)
def test_a_file_may_be_used_when_two_different_people_approved_its_very_bytes(approvals, met):
    assert RULE.is_met(TABLE, approvals) is met


def test_the_first_approval_of_each_person_counts():
    given = [approval("Lise Holm"), approval("LISE HOLM"), approval("Nete Bruun")]

    assert [one.approved_by for one in approvers(TABLE, given)] == ["Lise Holm", "Nete Bruun"]


def changed(**fields):
    return json.dumps(json.loads((HERE / "approval-1.0.0.json").read_bytes()) | fields).encode()


def waiting(**fields):
    return json.loads((HERE / "approval-1.0.0.json").read_bytes())["waiting"] | fields


WAITS = {
    "id": "waits",
    "outcome": {"alert": "UNKNOWN", "urgency": "within-1-week"},
    "reason": {"da": "Venter", "en": "Waits"},
    "action": {"da": "Læs svaret", "en": "Read the answer"},
}


def test_a_rule_of_approval_is_what_its_file_says(tmp_path):
    for version, people in (("1.9.0", 2), ("1.10.0", 3)):
        (tmp_path / f"approval-{version}.json").write_bytes(changed(version=version, people=people, waiting=WAITS))

    rule = load_approval_rule(tmp_path)

    assert (rule.version.id, rule.version.version, rule.people) == ("approval", "1.10.0", 3)
    assert rule.waiting == MatchedRow(
        "waits", Colour.UNKNOWN, Urgency.WITHIN_1_WEEK, Text("Venter", "Waits"), Text("Læs svaret", "Read the answer")
    )


@pytest.mark.parametrize(("people", "met"), [(2, True), (3, False)])
def test_as_many_people_are_needed_as_the_rule_says(people, met):
    rule = replace(RULE, people=people)

    assert rule.is_met(TABLE, [approval("Lise Holm"), approval("Nete Bruun")]) is met


def test_one_is_told_from_another_by_the_words_of_a_name():
    assert person_of(" Lise   HOLM ") == person_of("lise holm") == "lise holm"
    assert person_of("Lise Holm") != person_of("LiseHolm")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"people": 1}, r"^approval-1\.0\.0\.json\.people: two or more is expected$"),
        ({"people": "2"}, r"^approval-1\.0\.0\.json\.people: a whole number is expected$"),
        ({"more": 1}, r"^approval-1\.0\.0\.json: unknown field more$"),
        ({"version": "1.0.1"}, r"must be called approval-1\.0\.1\.json"),
        ({"waiting": waiting(more=1)}, r"^approval-1\.0\.0\.json\.waiting: unknown field more$"),
        ({"waiting": waiting(id="")}, r"^approval-1\.0\.0\.json\.waiting\.id: a text is expected$"),
        (
            {"waiting": waiting(action={"da": "x"})},
            r"^approval-1\.0\.0\.json\.waiting\.action\.en: a text is expected$",
        ),
        ({"waiting": waiting(outcome={"alert": "GREEN", "urgency": "routine"})}, "alert: one of UNKNOWN"),
        ({"waiting": waiting(outcome={"alert": "UNKNOWN", "urgency": "soon"})}, "urgency: one of"),
        ({"waiting": waiting(reason={"da": "kun dansk"})}, "reason.en"),
    ],
)
def test_a_rule_of_approval_that_is_not_sound_stops_the_start(fields, said):
    with pytest.raises(ContentError, match=said):
        parse_approval_rule(changed(**fields), "approval-1.0.0.json")


def test_a_deployment_without_a_rule_of_approval_does_not_start(tmp_path):
    with pytest.raises(ContentError, match="no rule of approval"):
        load_approval_rule(tmp_path)


def test_a_table_that_waits_is_unknown_and_says_why():
    used = {"cat": UsedInput("cat", None, "missing")}

    alert = awaiting_alert(CATALOGUE.table("alert/kol"), "start", used, RULE.waiting)

    assert (alert.colour, alert.urgency, alert.incomplete) == (Colour.UNKNOWN, Urgency.SAME_DAY, True)
    assert [row.id for row in alert.rows] == ["awaiting-approval"]
    assert "godkendelse" in alert.rows[0].reason.da
    assert (alert.table, alert.inputs) == (CATALOGUE.table("alert/kol").version, used)
    assert (alert.phase, alert.action) == ("start", RULE.waiting.action)


def test_a_needs_table_that_waits_leaves_every_required_dimension_and_the_level_open():
    table = CATALOGUE.needs()

    needs = awaiting_needs(table, "kol", {}, RULE.waiting)

    assert {dimension.colour for dimension in needs.dimensions} == {Colour.UNKNOWN}
    assert [one.id for one in needs.dimensions] == [one.id for one in table.parts["kol"] if one.required]
    assert (needs.level, needs.level_row) == (None, "awaiting-approval")
    assert (needs.part, needs.table, needs.inputs) == ("kol", table.version, {})
    required = [one for one in table.parts["kol"] if one.required]
    assert [(one.title, one.required) for one in needs.dimensions] == [(one.title, True) for one in required]
    assert {one.rows for one in needs.dimensions} == {(RULE.waiting,)}


def newer(name="alert-kol-2.0.0.json", **fields):
    return json.dumps(json.loads((HERE / "tables" / name).read_bytes()) | fields).encode()


@pytest.fixture
def two_versions(tmp_path):
    for folder in ("rules", "tables"):
        (tmp_path / folder).mkdir()
        for path in (HERE / folder).glob("*.json"):
            (tmp_path / folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "tables/alert-kol-2.0.1.json").write_bytes(newer(version="2.0.1"))
    (tmp_path / "tables/needs-generic-2.0.1.json").write_bytes(newer("needs-generic-2.0.0.json", version="2.0.1"))
    return Catalogue.load(Registry.load(), tmp_path)


def test_a_preferred_version_comes_before_a_newer_one(two_versions):
    preferring = two_versions.preferring(lambda version: version.version == "2.0.0")

    assert two_versions.table("alert/kol").version.version == "2.0.1"
    assert preferring.table("alert/kol").version.version == "2.0.0"
    assert preferring.needs().version.version == "2.0.0"
    assert preferring.table("alert/kol", "2.0.1").version.version == "2.0.1"


def test_where_no_version_or_every_one_is_preferred_the_newest_counts(two_versions):
    for answer in (True, False):
        assert two_versions.preferring(lambda _, a=answer: a).table("alert/kol").version.version == "2.0.1"


def test_a_table_that_is_not_adopted_is_read_with_all_checks():
    table = CATALOGUE.candidate(newer(version="9.0.0"), "candidate.json")

    assert table.version.version == "9.0.0"
    with pytest.raises(ContentError, match=r"^candidate\.json.*rows"):
        CATALOGUE.candidate(newer(rows=[]), "candidate.json")
