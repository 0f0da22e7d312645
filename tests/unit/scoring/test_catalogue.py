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


@pytest.mark.parametrize("version", ["2.0.1", "10.0.0", "1.9.9"])
def test_a_corrected_rule_is_a_newer_one_for_the_same_questionnaire(tmp_path, version):
    catalogue = load(tmp_path, shipped("rules/cat") | {"version": version})

    cat = catalogue.rule_for("https://svarbro.example/fhir/Questionnaire/cat|2.0.0")

    assert cat.version.version == ("2.0.0" if version == "1.9.9" else version)
    assert [rule.version.id for rule in catalogue.rules()].count("cat") == 1


def test_an_older_rule_must_still_hold(tmp_path):
    with pytest.raises(ContentError, match="at least one vector"):
        load(tmp_path, shipped("rules/cat") | {"version": "1.0.0", "vectors": []})


def test_a_rule_bears_the_name_of_its_questionnaire(tmp_path):
    with pytest.raises(ContentError, match="cat, the name of its questionnaire"):
        load(tmp_path, shipped("rules/cat") | {"id": "copd"})


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
