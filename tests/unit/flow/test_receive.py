import json
from datetime import timedelta

import pytest

from kernel.errors import AccessError, InvalidResponseError, NotOpenError, UnknownQuestionnaireError
from security.actor import Role
from tests.builders import OTHER_CLINIC_ID, an_actor
from tests.contract.doors import CANONICAL, cat, kol_status, mmrc
from tests.way import NANCY

CPR = "urn:oid:1.2.208.176.1.2"


@pytest.fixture
def asked(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled, way.asked(enrolled)


def by_number(number):
    return {"subject": {"identifier": {"system": CPR, "value": number}}}


def filed(way):
    with way.store.queue() as queue:
        return queue.connection.exec_driver_sql("SELECT count(*) FROM response").scalar_one()


def test_a_response_is_filed_with_its_bytes_its_scores_and_its_coded_answers(way, asked):
    raw = json.dumps(cat(asked[1]["cat"].id, 3)).encode()

    received = way.receive(way.system, raw, via="fhir")

    with way.look() as tx:
        response = tx.responses.get(received.response_id)
        assert tx.responses.raw(received.response_id) == raw
        (score,) = tx.scores.of_response(received.response_id).scores
    assert (score.id, score.value, score.band) == ("catTotal", 24, "high")
    assert dict(response.vector) == {f"cat-{n}": 3 for n in range(1, 9)}
    assert response.via == "fhir"


def test_each_answer_makes_a_suggestion_and_the_last_one_is_complete(way, asked):
    enrolled, _ = asked
    way.answer_all(enrolled, points=3, grade=2)

    with way.look() as tx:
        made = tx.suggestions.of_enrolment(enrolled.enrolment_id)
    assert [(one.n, one.complete, one.alert.incomplete) for one in made] == [
        (1, False, True),
        (2, False, True),
        (3, False, False),
        (4, True, False),
    ]
    assert [row.id for row in made[-1].alert.rows] == ["K12"], "CAT 24 and not yet assessed"


def test_a_response_without_a_request_finds_the_one_of_its_subject(way, asked):
    received = way.answer(cat(None, **by_number(NANCY[0])))
    again = way.answer(cat(None, **by_number(NANCY[0])))

    assert received.created
    assert not again.created
    assert again.response_id == received.response_id


@pytest.mark.parametrize(
    ("body", "expression"),
    [
        (lambda ids: cat("0192f000-0000-7000-8000-00000000dead"), "QuestionnaireResponse.basedOn"),
        (lambda ids: cat(None), "QuestionnaireResponse.basedOn"),
        (lambda ids: mmrc(ids["cat"]), "QuestionnaireResponse.questionnaire"),
        (lambda ids: cat(ids["cat"], subject={"reference": "Patient/nobody"}), "QuestionnaireResponse.subject"),
        (lambda ids: cat(ids["cat"], **by_number("0104909995")), "QuestionnaireResponse.subject.identifier"),
        (lambda ids: cat(ids["cat"], **by_number("99")), "QuestionnaireResponse.subject.identifier.value"),
        (lambda ids: cat(None, subject={"reference": "Patient/nobody"}), "QuestionnaireResponse.questionnaire"),
        (lambda ids: cat(ids["cat"], status="amended"), "QuestionnaireResponse.status"),
    ],
    ids=[
        "unknown-request",
        "no-request-no-subject",
        "another-questionnaire",
        "another-subject",
        "unknown-number",
        "no-number",
        "subject-not-asked",
        "not-completed",
    ],
)
def test_what_fits_no_request_is_refused_by_its_element_and_changes_nothing(way, asked, body, expression):
    ids = {name: request.id for name, request in asked[1].items()}

    with pytest.raises(InvalidResponseError) as refused:
        way.answer(body(ids))

    assert [issue.expression for issue in refused.value.issues] == [expression]
    assert filed(way) == 0


def test_another_clinics_request_looks_like_one_that_does_not_exist(way, asked):
    raw = json.dumps(cat(asked[1]["cat"].id)).encode()
    nothing = json.dumps(cat("0192f000-0000-7000-8000-00000000dead")).encode()

    told = []
    for one in (raw, nothing):
        with pytest.raises(InvalidResponseError) as refused:
            way.receive(an_actor(Role.SYSTEM, OTHER_CLINIC_ID), one, via="fhir")
        told.append(refused.value.issues)

    assert told[0] == told[1]
    assert filed(way) == 0


def test_a_patient_answers_own_requests_alone_and_another_s_looks_like_one_that_does_not_exist(way, asked):
    enrolled, requests = asked
    raw, nothing = (
        json.dumps(cat(request_id)).encode()
        for request_id in (requests["cat"].id, "0192f000-0000-7000-8000-00000000dead")
    )

    told = []
    for one in (raw, nothing):
        with pytest.raises(InvalidResponseError) as refused:
            way.receive(an_actor(Role.PATIENT, id="somebody-else"), one, via="fhir")
        told.append(refused.value.issues)

    assert told[0] == told[1]
    assert filed(way) == 0
    assert way.receive(an_actor(Role.PATIENT, id=enrolled.patient_ref), raw, via="form").created


def test_an_unknown_version_is_refused(way, asked):
    body = cat(asked[1]["cat"].id, questionnaire=CANONICAL.format("cat").replace("2.0.0", "1.0.0"))

    with pytest.raises(UnknownQuestionnaireError):
        way.answer(body)


def test_other_bytes_to_an_answered_request_are_a_conflict(way, asked):
    way.answer(cat(asked[1]["cat"].id, 1))

    with pytest.raises(NotOpenError) as refused:
        way.answer(cat(asked[1]["cat"].id, 2))

    assert refused.value.issues[0].rule == "already-answered"
    assert filed(way) == 1


def test_an_administrator_cannot_submit_an_answer(way, asked):
    with pytest.raises(AccessError):
        way.receive(an_actor(Role.CLINIC_ADMIN), b"{}", via="fhir")


def test_a_danger_answer_alerts_at_once_although_the_rest_is_missing(way, asked):
    enrolled, requests = asked
    body = kol_status(requests["kol-status"].id)
    body["item"][0]["answer"] = [{"valueBoolean": True}]

    way.answer(body)

    with way.look() as tx:
        alert = tx.suggestions.newest(enrolled.enrolment_id).alert
    assert (alert.colour, alert.urgency) == ("RED", "emergency")
    assert alert.rows[0].id == "K01"


def test_an_answer_is_never_newer_than_its_receipt(way, asked):
    ahead, behind = way.clock.now() + timedelta(days=1), way.clock.now() - timedelta(days=2)
    bodies = [
        cat(asked[1]["cat"].id, authored=ahead.isoformat()),
        mmrc(asked[1]["mmrc"].id, authored=behind.isoformat()),
    ]

    ids = [way.receive(way.system, json.dumps(body).encode(), via="fhir").response_id for body in bodies]

    with way.look() as tx:
        assert [tx.responses.get(response_id).authored_at for response_id in ids] == [way.clock.now(), behind]
