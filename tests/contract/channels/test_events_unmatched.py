"""Answers that fit no request wait for a person of the one clinic that they may belong to."""

import pytest

from flow.enrol import EnrolmentOrder
from tests.contract.channels.told import refused
from tests.contract.doors import CANONICAL, PERSONS, cat, mmrc, response_event

CPR = "urn:oid:1.2.208.176.1.2"
EINER = ("0201609995", "Einer Lauridsen")
"""Enrolled at one clinic of the database only."""


def put_aside(house, answer):
    """Tell that an answer was taken, filed with no request, and waits for a person."""
    assert (answer.status_code, answer.json()) == (200, {"status": "unmatched", "response": None})
    return (house.counted("response"), house.counted("unmatched")) == (0, 1)


def test_the_order_of_the_envelope_and_the_request_of_the_document_must_agree(house, asked):
    event = response_event(asked["cat"].id, mmrc(asked["mmrc"].id))

    assert put_aside(house, house.webhook(event))
    assert put_aside(house, house.webhook(event)), "once, however often it comes"


def test_an_answer_to_an_unknown_order_goes_to_the_one_clinic_that_asks_its_patient(house):
    house.services.use_cases.enrol(house.one.system, EnrolmentOrder(*EINER, "KOL"))
    event = response_event(
        "an order of long ago", cat(None, subject={"identifier": {"system": CPR, "value": EINER[0]}})
    )

    assert put_aside(house, house.webhook(event))
    assert put_aside(house, house.webhook(event))


def test_an_answer_about_a_patient_of_two_clinics_is_given_to_neither(house):
    for tenant in (house.one, house.other):
        house.enrol(1, tenant)
    event = response_event(
        "an order of long ago", cat(None, subject={"identifier": {"system": CPR, "value": PERSONS[1][0]}})
    )

    assert refused(house.webhook(event), 404) == {"data.orderId": "unknown-order"}


def test_an_answer_to_an_unknown_order_about_nobody_we_ask_is_refused(house, enrolled):
    about_another = cat(None, subject={"identifier": {"system": CPR, "value": "0108589995"}})
    before = house.counted("unmatched")

    for document in (cat(None), about_another):
        answer = house.webhook(response_event("an order of long ago", document))
        assert refused(answer, 404) == {"data.orderId": "unknown-order"}
    assert house.counted("unmatched") == before


def test_a_document_without_a_request_may_name_its_subject(house, enrolled, asked):
    by_pseudonym = cat(None, subject={"reference": f"Patient/{enrolled.patient_ref}"})
    by_cpr = mmrc(None, subject={"identifier": {"system": CPR, "value": PERSONS[0][0]}})

    assert house.webhook(response_event(asked["cat"].id, by_pseudonym)).status_code == 200
    assert house.webhook(response_event(asked["mmrc"].id, by_cpr)).status_code == 200


@pytest.mark.parametrize(
    "subject",
    [
        {},
        {"subject": {"reference": "Patient/nobody"}},
        {"subject": {"identifier": {"system": CPR, "value": PERSONS[2][0]}}},
    ],
    ids=["nobody", "unknown", "unknown-cpr"],
)
def test_a_document_without_a_request_must_name_the_orders_subject(house, asked, subject):
    assert put_aside(house, house.webhook(response_event(asked["cat"].id, cat(None, **subject))))


def test_a_document_of_another_questionnaire_does_not_answer_the_order(house, enrolled, asked):
    document = mmrc(None, subject={"reference": f"Patient/{enrolled.patient_ref}"})

    assert put_aside(house, house.webhook(response_event(asked["cat"].id, document)))
    assert document["questionnaire"] == CANONICAL.format("mmrc")
