"""Programmes as PlanDefinition: what the file says, in FHIR's words."""

import json

import pytest
from fhir.resources.R4B.plandefinition import PlanDefinition

from delivery.programme import PROGRAMMES

FILES = sorted(PROGRAMMES.glob("*.json"))
QUESTIONNAIRE = "https://svarbro.example/fhir/Questionnaire/"


@pytest.fixture(scope="module")
def house(shared_house):
    return shared_house


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def pair(request, house):
    """A programme's file, and the PlanDefinition that is read of it."""
    answer = house.get(f"/fhir/PlanDefinition/{request.param.stem}")
    assert answer.status_code == 200
    PlanDefinition.model_validate_json(answer.content)
    return json.loads(request.param.read_bytes()), answer.json()


def inner(action):
    """Every action inside an action, at any depth."""
    return [found for one in action.get("action", []) for found in (one, *inner(one))]


def test_it_is_named_and_titled_as_its_file_and_a_proposal_is_a_draft(pair):
    file, plan = pair

    assert plan["url"] == f"https://svarbro.example/fhir/PlanDefinition/{file['id']}"
    assert (plan["version"], plan["title"]) == (file["version"], file["title"]["da"])
    assert plan["_title"]["extension"][0]["extension"][1]["valueString"] == file["title"]["en"]
    assert plan["useContext"][0]["valueCodeableConcept"]["coding"][0]["code"] == file["package"]
    assert plan["status"] == file["approval"]["status"]
    assert plan["experimental"] is (file["approval"]["status"] != "active")
    assert plan["library"][0].startswith(f"https://svarbro.example/fhir/Library/{file['alert'].replace('/', '-')}|")


def test_every_occasion_is_an_action_that_asks_what_the_file_asks(pair, house):
    file, plan = pair

    assert [action["id"] for action in plan["action"]] == [one["id"] for one in file["occasions"]]
    for occasion, action in zip(file["occasions"], plan["action"], strict=True):
        direct = [one for one in action["action"] if "timingTiming" not in one]
        assert len(direct) == len(occasion["ask"])
        for name, asked in zip(occasion["ask"], direct, strict=True):
            if name.startswith("slot:"):
                slot = file["slots"][name.removeprefix("slot:")]
                chosen = [one["definitionCanonical"] for one in asked["action"] if one["precheckBehavior"] == "yes"]
                assert asked["selectionBehavior"] == "exactly-one"
                assert [one.rpartition("/")[2].partition("|")[0] for one in chosen] == [slot["default"]]
            else:
                assert asked["definitionCanonical"].startswith(f"{QUESTIONNAIRE}{name}|")


def test_what_it_asks_can_be_read(pair, house):
    _file, plan = pair
    asked = {one["definitionCanonical"] for one in inner({"action": plan["action"]}) if "definitionCanonical" in one}

    for canonical in asked:
        name, _, version = canonical.removeprefix(QUESTIONNAIRE).partition("|")
        assert house.get(f"/fhir/Questionnaire/{name}-{version}").status_code == 200


def test_its_intervals_are_those_of_the_file_by_level(pair):
    file, plan = pair

    for occasion, action in zip(file["occasions"], plan["action"], strict=True):
        trigger = occasion["trigger"]
        if trigger["type"] != "every":
            assert "timingTiming" not in action
            continue
        levels = {
            one["code"][0]["coding"][0]["code"]: one["timingTiming"]["repeat"]["period"]
            for one in action["action"]
            if "timingTiming" in one
        }
        assert levels == trigger.get("monthsByLevel", {})
        stated = trigger["months"] if "months" in trigger else trigger["undecided"]
        assert action["timingTiming"]["repeat"] == {"frequency": 1, "period": stated, "periodUnit": "mo"}


def test_what_waits_for_an_event_names_it_and_the_days_from_it(pair):
    file, plan = pair

    for occasion, action in zip(file["occasions"], plan["action"], strict=True):
        kind, days = occasion["trigger"]["type"], occasion["trigger"].get("days")
        if kind == "every":
            continue
        if kind == "after-start":
            assert action["relatedAction"][0]["actionId"] == "start"
            assert action["relatedAction"][0]["offsetDuration"]["value"] == days
            continue
        (trigger,) = action["trigger"]
        told = [one["valueDuration"]["value"] for one in trigger.get("extension", [])]
        assert (trigger["type"], trigger["name"]) == ("named-event", kind)
        assert told == ([days] if days else [])


def test_the_care_plan_of_an_enrolment_names_one_that_can_be_read(house):
    enrolled = house.enrol(person=2)

    plan = house.get(f"/fhir/CarePlan/{enrolled.enrolment_id}").json()

    address = plan["instantiatesCanonical"][0].removeprefix("https://svarbro.example/fhir/").replace("|", "-")
    assert house.get(f"/fhir/{address}").status_code == 200


def test_a_programme_that_is_none_is_not_found(house):
    assert house.get("/fhir/PlanDefinition/kol-9.9.9").status_code == 404
