import pytest

from kernel.errors import ContentError, UnknownQuestionnaireError
from questionnaires.registry import DEFINITIONS, Registry, version_key
from tests.unit.questionnaires.forms import URL, definition, item


def write(directory, version, **more):
    raw = definition(item("b", "boolean"), id=f"small-{version}", version=version, **more)
    (directory / f"small-{version}.json").write_bytes(raw)


def test_a_questionnaire_is_found_by_its_exact_canonical_only(tmp_path):
    for version in ("1.0.0", "9.0.0", "10.0.0"):
        write(tmp_path, version)

    known = Registry.load(tmp_path)

    assert known.get(f"{URL}|9.0.0").version == "9.0.0"
    assert known.by_fhir_id("small-1.0.0").version == "1.0.0"
    assert known.newest("small").version == "10.0.0"
    assert known.plan(f"{URL}|1.0.0").questionnaire is known.get(f"{URL}|1.0.0")
    assert len(known.all()) == 3
    for canonical in (URL, f"{URL}|", f"{URL}|1", f"{URL}|1.0.1", f"{URL}|1.0.0#b", f" {URL}|1.0.0", ""):
        with pytest.raises(UnknownQuestionnaireError):
            known.get(canonical)
    for find in (known.newest, known.by_fhir_id, known.plan):
        with pytest.raises(UnknownQuestionnaireError):
            find("other")


def test_an_unknown_name_is_not_repeated():
    with pytest.raises(UnknownQuestionnaireError) as caught:
        Registry.load().get("2512489996")

    assert "2512489996" not in str(caught.value)


def test_the_served_bytes_and_hash_are_those_of_the_file():
    for known in Registry.load().all():
        assert known.source == (DEFINITIONS / f"{known.fhir_id}.json").read_bytes()


def test_an_empty_directory_stops_the_start(tmp_path):
    with pytest.raises(ContentError, match="no questionnaire"):
        Registry.load(tmp_path)


def test_a_file_that_bears_another_name_stops_the_start(tmp_path):
    (tmp_path / "other.json").write_bytes(definition(item("b", "boolean")))

    with pytest.raises(ContentError, match=r"small-1\.0\.0\.json"):
        Registry.load(tmp_path)


@pytest.mark.parametrize("version", ["1.0", "1.0.0.0", "01.0.0", "1.0.x", "v1.0.0", "1.0.0\n", "١.0.0"])
def test_a_version_is_three_numbers(version):
    with pytest.raises(ContentError):
        version_key(version)
