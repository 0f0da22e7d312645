import pytest

from kernel.errors import ContentError
from scoring.catalogue import Catalogue
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, shipped


def test_every_shipped_questionnaire_has_its_rule():
    rules = {CATALOGUE.rule_for(known.canonical).version.id for known in REGISTRY.all()}

    assert rules == {known.id for known in REGISTRY.all()}
    assert len(CATALOGUE.rules()) == len(REGISTRY.all())


def test_what_is_not_there_is_said_to_be_missing():
    with pytest.raises(ContentError, match="no scoring rule"):
        CATALOGUE.rule_for("https://svarbro.example/fhir/Questionnaire/cat|1.0.0")
    with pytest.raises(ContentError, match="no table alert/other"):
        CATALOGUE.table("alert/other")
    with pytest.raises(ContentError, match=r"version 1\.0\.0"):
        CATALOGUE.table("alert/kol", "1.0.0")


def test_the_newest_table_is_found_unless_a_version_is_named(tmp_path):
    newer = shipped("tables/alert-kol") | {"version": "10.0.0"}

    catalogue = load(tmp_path, shipped("tables/alert-kol"), newer)

    assert catalogue.table("alert/kol").version.version == "10.0.0"
    assert catalogue.table("alert/kol", "2.0.0").version.version == "2.0.0"


def test_two_rules_for_one_questionnaire_stop_the_start(tmp_path):
    with pytest.raises(ContentError, match="two rules"):
        load(tmp_path, shipped("rules/cat") | {"version": "2.0.1"})


@pytest.mark.parametrize(("folder", "name"), [("rules", "cat-2.0.0"), ("tables", "alert-kol-2.0.0")])
def test_a_file_that_bears_another_name_stops_the_start(tmp_path, folder, name):
    load(tmp_path, shipped("tables/alert-kol"))
    (tmp_path / folder / f"{name}.json").rename(tmp_path / folder / "other.json")

    with pytest.raises(ContentError, match=f"must be called {name}"):
        Catalogue.load(REGISTRY, tmp_path)


def test_a_table_without_the_rules_it_reads_stops_the_start(tmp_path):
    load(tmp_path, shipped("tables/alert-kol"))
    (tmp_path / "rules" / "mmrc-2.0.0.json").unlink()

    with pytest.raises(ContentError, match=r"no rule gives mmrc\.mrc"):
        Catalogue.load(REGISTRY, tmp_path)


def test_a_file_that_is_no_json_stops_the_start(tmp_path):
    load(tmp_path)
    (tmp_path / "rules" / "x-1.0.0.json").write_text("{")

    with pytest.raises(ContentError, match=r"x-1\.0\.0\.json"):
        Catalogue.load(REGISTRY, tmp_path)
