"""The Bundle of `$extract`: an Observation for each flagged answer, beside the scores."""

import json
from dataclasses import replace

from fhir.resources.R4B.bundle import Bundle

from flow.extract import ExtractedResponse
from scoring.result import Scored
from tests.contract.doors import SYSTEM
from tests.unit.scoring.content import CATALOGUE, REGISTRY
from web.fhir.extract import extract
from web.fhir.extracted_items import EXTRACT

PAIN = REGISTRY.newest("nrs-pain")
CODING = {"system": SYSTEM.format("nrs-pain"), "code": "7"}
RESPONSE = {
    "resourceType": "QuestionnaireResponse",
    "id": "pain-1",
    "status": "completed",
    "authored": "2027-01-11T10:00:00Z",
    "subject": {"reference": "Patient/1"},
    "partOf": [{"reference": "Procedure/1"}],
    "item": [{"linkId": "nrs-pain", "answer": [{"valueCoding": CODING}]}],
}


def flagged():
    """Give the questionnaire with its item flagged for extraction."""
    source = json.loads(PAIN.source)
    item = next(one for one in source["item"] if one["linkId"] == "nrs-pain")
    item["extension"] = [*item.get("extension", ()), {"url": EXTRACT, "valueBoolean": True}]
    return replace(PAIN, source=json.dumps(source).encode())


def extracted(questionnaire, **other):
    nothing = Scored(questionnaire.canonical, CATALOGUE.rule_for(questionnaire.canonical).version, ())
    text = extract(ExtractedResponse(questionnaire, {**RESPONSE, **other}, nothing), CATALOGUE)
    Bundle.model_validate_json(text)
    return json.loads(text).get("entry", [])


def test_a_flagged_answer_is_an_observation_with_the_items_code():
    (entry,) = extracted(flagged())

    observation = entry["resource"]
    assert observation["valueCodeableConcept"]["coding"] == [CODING]
    assert observation["code"]["coding"][0]["code"] == "75893-8"
    assert observation["category"][0]["coding"][0]["code"] == "survey"
    assert observation["partOf"] == RESPONSE["partOf"]
    assert observation["subject"] == RESPONSE["subject"]


def test_each_answer_keeps_its_id_and_no_two_share_one():
    answers = {"item": [{"linkId": "nrs-pain", "answer": [{"valueCoding": CODING}, {"valueCoding": CODING}]}]}

    ids = [entry["resource"]["id"] for entry in extracted(flagged(), **answers)]

    assert len(set(ids)) == 2
    assert ids == [entry["resource"]["id"] for entry in extracted(flagged(), **answers)]
    assert ids != [entry["resource"]["id"] for entry in extracted(flagged(), **answers, id="pain-2")]


def test_a_skipped_answer_and_an_item_that_is_not_flagged_give_nothing():
    absence = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-declined"}
    skipped = {"item": [{"linkId": "nrs-pain", "answer": [{"extension": [absence]}]}]}

    assert extracted(flagged(), **skipped) == []
    assert extracted(PAIN) == []
