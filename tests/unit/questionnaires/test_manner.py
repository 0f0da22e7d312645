"""How a response came about is written into it as FHIR says, and read again."""

import json
from datetime import UTC, datetime

import pytest

from questionnaires.build import ResponseAbout, build_response
from questionnaires.gate import check_response
from questionnaires.manner import Answerer, Manner, Mode, manner_of, marked
from tests.released import RELEASED

REGISTRY = RELEASED.questionnaires
ABOUT = ResponseAbout("completed", datetime(2026, 11, 21, tzinfo=UTC), request="r", subject="Patient/p")
RAW = build_response(REGISTRY.newest("mmrc"), {}, about=ABOUT)
CODES = {Mode.PHONE: "PHONE", Mode.TOGETHER: "FACE", Mode.PAPER: "HANDWRIT"}


@pytest.mark.parametrize("answerer", Answerer)
@pytest.mark.parametrize("mode", Mode)
def test_what_is_written_is_accepted_and_read_again(mode, answerer):
    manner = Manner(mode, answerer, "person-1")

    written = marked(RAW, manner)

    assert manner_of(written) == manner
    assert check_response(written, REGISTRY).subject == "Patient/p"
    told = json.loads(written)
    (extension,) = told["extension"]
    assert extension["valueCodeableConcept"]["coding"][0]["code"] == CODES[mode]
    assert told["author"] == {
        "type": "Practitioner",
        "identifier": {"system": "https://svarbro.example/fhir/sid/person", "value": "person-1"},
    }


def test_the_patient_is_the_source_by_reference_and_others_by_type_without_a_name():
    own, relative = (
        json.loads(marked(RAW, Manner(Mode.PHONE, one, "x"))) for one in (Answerer.PATIENT, Answerer.RELATIVE)
    )

    assert own["source"] == {"reference": "Patient/p"}
    assert relative["source"] == {"type": "RelatedPerson"}


def test_the_answers_stay_as_they_were():
    questionnaire = REGISTRY.newest("mmrc")
    raw = build_response(questionnaire, {}, skipped=questionnaire.by_link_id, about=ABOUT)

    assert json.loads(marked(raw, Manner(Mode.PAPER, Answerer.PATIENT)))["item"] == json.loads(raw)["item"]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"source": {"type": "Device"}},
        {"extension": [{"url": "https://other.example", "valueString": "PHONE"}]},
        {"extension": []},
    ],
)
def test_what_says_nothing_or_something_else_is_read_as_nothing(changed):
    written = json.loads(marked(RAW, Manner(Mode.PHONE, Answerer.PATIENT))) if changed else json.loads(RAW)

    assert manner_of(json.dumps({**written, **changed}).encode()) is None
