"""Imported wording at the doors: the served Questionnaire and the form carry the owner's words, at once."""

import shutil

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from delivery.content import Content
from flow.content_wording import ImportWording, WordingFile
from questionnaires.vocabulary import WORDING
from tests.contract.doors import served
from tests.governed import GRANT, a_list
from tests.released import RELEASED

CAT = RELEASED.questionnaires.newest("cat")


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite):
    directory = tmp_path_factory.mktemp("worded")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    with served(directory, f"sqlite:///{directory / 'svarbro.sqlite'}") as house:
        yield house


def marked(resource):
    return [one["valueCode"] for one in resource["extension"] if one["url"] == WORDING]


def test_what_another_process_imports_is_served_at_the_next_request(house):
    before = house.get("/fhir/Questionnaire/cat-2.0.0").json()
    elsewhere = ImportWording(house.services.store, Content(RELEASED), house.services.clock)

    elsewhere(WordingFile(a_list(CAT), is_fhir=False, questionnaire="cat"), GRANT, "Lise Holm")

    answer = house.get("/fhir/Questionnaire/cat-2.0.0")
    Questionnaire.model_validate_json(answer.content)
    after = answer.json()
    assert (marked(before), marked(after)) == (["working"], ["licensed"])
    assert after["item"][0]["text"] == "ejer: cat-1, text"
    assert after["copyright"] == "Ejeren. Ejerens ord."
    assert [item["linkId"] for item in after["item"]] == [item["linkId"] for item in before["item"]]
    (found,) = house.get("/fhir/Questionnaire", params={"title": "ejer: questionnaire"}).json()["entry"]
    assert found["resource"] == after
    assert house.get("/fhir/Questionnaire/mmrc-2.0.0").json()["title"] != "ejer: questionnaire, title"


def test_probes_do_not_ask_the_content(house):
    assert house.get("/healthz", token="").status_code == 200
    assert house.get("/nowhere", token="").status_code == 404
