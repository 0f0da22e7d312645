"""Views of a Questionnaire that are generated from rules and tables: for renderers, and for the national profile."""

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
SIGNIFICANCE = "http://ehealth.sundhed.dk/fhir/StructureDefinition/ehealth-questionnaire-answerSignificance"
OPERATIONS = ("calculated-expressions", "answer-significance")


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


def shown(house, fhir_id, operation):
    answer = house.get(f"/fhir/Questionnaire/{fhir_id}/${operation}")
    assert answer.status_code == 200, answer.text
    Questionnaire.model_validate_json(answer.content)
    return answer.json()


def urls(element):
    return [extension["url"] for extension in element.get("extension", ())]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_questionnaire_can_be_shown_under_a_url_of_its_own(house, operation):
    for known in house.services.content.questionnaires.all():
        view = shown(house, known.fhir_id, operation)

        assert view["derivedFrom"] == [known.canonical]
        assert view["url"] != known.url


def test_scores_are_expressions_of_hidden_items(house):
    view = shown(house, "cat-2.0.0", "calculated-expressions")

    (total,) = [item for item in view["item"] if item["linkId"] == "score-catTotal"]
    assert CALCULATED in urls(total)


def test_an_answer_that_decides_an_alert_says_so(house):
    view = shown(house, "kol-status-2.0.0", "answer-significance")

    significant = {item["linkId"] for item in view["item"] if SIGNIFICANCE in urls(item)}
    assert {"kol-status-1", "kol-status-2", "kol-status-3"} <= significant


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_view_need_not_be_sent_twice(house, operation):
    path = f"/fhir/Questionnaire/cat-2.0.0/${operation}"

    tag = house.get(path).headers["ETag"]

    assert house.get(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_view_needs_a_token(house, operation):
    assert house.get(f"/fhir/Questionnaire/cat-2.0.0/${operation}", token="").status_code == 401
