"""Every rule has its sheet, its questionnaire and its codes: docs/clinical/README.md."""

import json
from pathlib import Path

import pytest

from questionnaires.model import ItemType
from scoring.catalogue import HERE
from tests.unit.scoring.content import CATALOGUE, REGISTRY

ROOT = Path(__file__).parents[3]
FILES = sorted((HERE / "rules").glob("*.json"))
ALL = {
    *("kol-status", "cat", "mmrc", "ccq", "lrs-flags", "startback", "nrs-pain", "rmdq23", "rmdq24", "odi", "psfs"),
    *("ompsq10", "promis-pi-4a", "shk-draft", "hls19-q12", "hls-eu-q16", "hlq", "hlq-dk-2", "ehlq", "b-hla", "bhls"),
    *("sils", "eq5d5l-dk"),
}


def test_all_23_instruments_are_there_with_their_rules():
    assert len(ALL) == 23
    assert {rule.version.id for rule in CATALOGUE.rules()} >= ALL
    assert {known.id for known in REGISTRY.all()} >= ALL


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rule_names_a_sheet_that_stands_in_the_index(path):
    rule = json.loads(path.read_bytes())
    sheet = ROOT / rule["sheet"]

    text = sheet.read_text(encoding="utf-8")

    assert any(mark in text for mark in ("verified", "recalled", "proposal"))
    assert f"]({sheet.name})" in (sheet.parent / "README.md").read_text(encoding="utf-8")
    assert f"`scoring/rules/{path.name}`" in (sheet.parent / "README.md").read_text(encoding="utf-8")
    assert len(rule["vectors"]) >= 3


@pytest.mark.parametrize("rule", CATALOGUE.rules(), ids=lambda rule: rule.version.id)
def test_the_code_of_an_option_is_its_points_and_bears_the_system_of_its_questionnaire(rule):
    for item in REGISTRY.get(rule.questionnaire).by_link_id.values():
        if item.type is ItemType.CHOICE:
            assert all(one.system.endswith(f"/CodeSystem/{rule.version.id}") for one in item.options)
            assert all(one.points is None or one.code == str(one.points) for one in item.options)


@pytest.mark.parametrize("rule", CATALOGUE.rules(), ids=lambda rule: rule.version.id)
def test_the_vectors_of_a_rule_show_every_band_and_category_at_least_once(rule):
    told = json.loads((HERE / f"rules/{rule.version.id}-{rule.version.version}.json").read_bytes())["vectors"]

    for name, definition in rule.scores.items():
        shown = {vector["scores"][name]["band"] for vector in told}
        assert set(definition.words) <= shown, name


def test_a_sheet_of_an_instrument_that_is_not_sent_says_so():
    for rule in CATALOGUE.rules():
        sheet = (ROOT / f"docs/clinical/{rule.version.id}.md").read_text(encoding="utf-8")
        assert ("| sent | **no**" in sheet) is not rule.sendable
