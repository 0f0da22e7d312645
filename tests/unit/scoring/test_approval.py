"""Approval: two different people, one exact file; until then a table says that it waits, never green."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kernel.errors import ContentError
from questionnaires.registry import Registry
from scoring.approval import Approval, approvers
from scoring.approval_file import HERE, load_approval_rule, parse_approval_rule
from scoring.awaiting import awaiting_alert, awaiting_needs
from scoring.catalogue import Catalogue
from scoring.levels import Colour, Urgency
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


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"people": 1}, "people: two or more"),
        ({"more": 1}, "unknown field more"),
        ({"version": "1.0.1"}, r"must be called approval-1\.0\.1\.json"),
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


def test_a_needs_table_that_waits_leaves_every_required_dimension_and_the_level_open():
    table = CATALOGUE.needs()

    needs = awaiting_needs(table, "kol", {}, RULE.waiting)

    assert {dimension.colour for dimension in needs.dimensions} == {Colour.UNKNOWN}
    assert [one.id for one in needs.dimensions] == [one.id for one in table.parts["kol"] if one.required]
    assert (needs.level, needs.level_row) == (None, "awaiting-approval")


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
    with pytest.raises(ContentError, match="rows"):
        CATALOGUE.candidate(newer(rows=[]), "candidate.json")
