"""`svarbro content export`: what others get is FHIR R4, and the questionnaires are the released bytes."""

import json

import pytest
from click.testing import CliRunner
from fhir.resources.R4B.plandefinition import PlanDefinition
from fhir.resources.R4B.questionnaire import Questionnaire

from cli.main import main
from tests.way import CONTENT

REGISTRY = CONTENT.questionnaires


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    directory = tmp_path_factory.mktemp("exported") / "fhir"
    done = CliRunner().invoke(main, ["content", "export", str(directory)])
    assert done.exit_code == 0, done.output
    return done, {path.name: path.read_bytes() for path in directory.iterdir()}


def test_every_questionnaire_and_programme_is_there(exported):
    done, files = exported
    views = ("", ".calculated", ".significance")
    wanted = {f"Questionnaire-{one.fhir_id}{view}.json" for one in REGISTRY.all() for view in views}
    wanted |= {f"PlanDefinition-{one.id}-{one.version}.json" for one in CONTENT.programmes.all()}

    assert files.keys() == wanted
    assert done.output == f"{len(wanted)} resources written.\n"


def test_a_questionnaire_is_the_released_file_to_the_byte(exported):
    _, files = exported

    for one in REGISTRY.all():
        assert files[f"Questionnaire-{one.fhir_id}.json"] == one.source


def test_each_file_is_a_resource_that_another_reader_takes(exported):
    _, files = exported

    for name, raw in files.items():
        kind = Questionnaire if name.startswith("Questionnaire") else PlanDefinition
        assert kind.model_validate_json(raw).get_resource_type() == kind.__name__


def test_the_scores_and_the_deciding_answers_are_said_in_files_of_their_own(exported):
    _, files = exported

    calculated = json.loads(files["Questionnaire-cat-2.0.0.calculated.json"])
    assert calculated["url"] != REGISTRY.newest("cat").url
    assert "calculatedExpression" in json.dumps(calculated)
    assert (
        "answerSignificance"
        in files[f"Questionnaire-{REGISTRY.newest('kol-status').fhir_id}.significance.json"].decode()
    )


def test_a_directory_that_is_a_file_is_misuse(tmp_path):
    (tmp_path / "file").write_text("")

    assert CliRunner().invoke(main, ["content", "export", str(tmp_path / "file")]).exit_code == 2
