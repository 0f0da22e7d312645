"""The tray: what waits is seen without its answers, and leaves it once, by a person."""

import json

import pytest

from delivery.unmatched import UnmatchedState
from flow.unmatched import SortUnmatched
from kernel.errors import (
    AccessError,
    ConflictError,
    InvalidInputError,
    InvalidResponseError,
    NotFoundError,
    NotOpenError,
)
from security.actor import Role
from security.cpr import Identifier
from tests.builders import CAT, CLINIC_ID, OTHER_CLINIC_ID, a_clinic, an_actor
from tests.contract.doors import cat

CPR = "urn:oid:1.2.208.176.1.2"
UNKNOWN = {"identifier": {"system": CPR, "value": "3001749995"}}


@pytest.fixture
def enrolled(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


@pytest.fixture
def tray(way):
    return SortUnmatched(way.store, way.content, way.receive)


@pytest.fixture
def put_aside(way):
    def put(document):
        with way.store.write(CLINIC_ID, an_actor(Role.CHANNEL)) as tx:
            return tx.unmatched.add("webpatient", CAT, json.dumps(document).encode())

    return put


@pytest.fixture
def waiting(way, enrolled, tray, put_aside):
    put_aside(cat(None, 4, subject=UNKNOWN))
    (entry,) = tray.listed(way.doctor)
    return entry.unmatched


def test_staff_see_when_where_and_which_but_not_what(way, enrolled, tray, put_aside):
    put_aside(cat("somebody else's request"))

    (entry,) = tray.listed(way.doctor)
    assert (entry.unmatched.channel, entry.unmatched.questionnaire) == ("webpatient", CAT)
    assert entry.unmatched.received_at == way.clock.now()
    assert entry.title.da == "CAT: Din KOL i hverdagen"
    (possible,) = entry.possible
    assert (possible.request_id, possible.name) == (way.asked(enrolled)["cat"].id, "Nancy Berggren")
    assert "valueCoding" not in repr(entry)
    assert "Nancy" not in repr(entry)


def test_the_very_same_answer_lies_there_once(put_aside, way):
    document = cat("nobody's")

    assert [put_aside(document), put_aside(document)] == [True, False]


def test_who_was_shown_is_on_record(way, enrolled, tray, waiting):
    with way.look() as tx:
        shown = [event.patients for event in tx.audit.events() if event.entity == "Unmatched"]
    assert shown == [(enrolled.patient_ref,)]


def test_an_assigned_answer_is_filed_scored_and_leaves_the_tray(way, enrolled, tray, waiting):
    request = way.asked(enrolled)["cat"]

    received = tray.assign(way.doctor, waiting.id, request.id)

    with way.look() as tx:
        response = tx.responses.get(received.response_id)
        sorted_ = tx.unmatched.get(waiting.id)
        audited = [event.patients for event in tx.audit.events() if event.action == "assign"]
        assert tx.responses.raw(received.response_id) == tx.unmatched.raw(waiting.id)
        assert tx.suggestions.newest(enrolled.enrolment_id) is not None
    assert (response.request_id, response.via) == (request.id, "webpatient")
    assert (sorted_.state, sorted_.request_id, sorted_.closed_by) == (UnmatchedState.ASSIGNED, request.id, "actor-1")
    assert audited == [(enrolled.patient_ref,)]
    assert tray.listed(way.doctor) == ()


def test_an_answer_that_names_a_patient_of_the_clinic_is_given_to_nobody_else(way, enrolled, tray, put_aside):
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.patients.add(Identifier("cpr", "3001749995"), "Niels Vendelboe")
    put_aside(cat(None, subject=UNKNOWN))
    (entry,) = tray.listed(way.doctor)

    with pytest.raises(InvalidResponseError) as refused:
        tray.assign(way.doctor, entry.unmatched.id, way.asked(enrolled)["cat"].id)

    assert refused.value.issues[0].expression == "QuestionnaireResponse.subject"
    assert len(tray.listed(way.doctor)) == 1


def test_an_answer_is_not_assigned_to_a_request_for_something_else(way, enrolled, tray, waiting):
    with pytest.raises(InvalidResponseError):
        tray.assign(way.doctor, waiting.id, way.asked(enrolled)["mmrc"].id)


def test_an_answer_is_not_assigned_to_an_unknown_request(way, tray, waiting):
    with pytest.raises(InvalidResponseError):
        tray.assign(way.doctor, waiting.id, "nothing")


def test_an_answer_is_not_assigned_to_what_was_answered_already(way, enrolled, tray, waiting):
    request = way.asked(enrolled)["cat"]
    way.answer(cat(request.id, 1))

    with pytest.raises(NotOpenError):
        tray.assign(way.doctor, waiting.id, request.id)
    with way.look() as tx:
        assert tx.unmatched.get(waiting.id).state is UnmatchedState.WAITING


def test_a_discarded_answer_keeps_its_reason_and_leaves_the_tray(way, tray, waiting):
    tray.discard(way.doctor, waiting.id, "  Ikke vores patient ")

    with way.look() as tx:
        assert tx.unmatched.reason(waiting.id) == "Ikke vores patient"
        assert tx.unmatched.get(waiting.id).state is UnmatchedState.DISCARDED
        assert [event.entity for event in tx.audit.events() if event.action == "discard"] == [f"Unmatched/{waiting.id}"]
    assert tray.listed(way.doctor) == ()


def test_nothing_is_discarded_without_a_reason(way, tray, waiting):
    with pytest.raises(InvalidInputError) as refused:
        tray.discard(way.doctor, waiting.id, "  ")

    assert refused.value.issues[0].rule == "reason-missing"
    with way.look() as tx:
        assert tx.unmatched.reason(waiting.id) == ""


def test_what_is_sorted_is_sorted(way, enrolled, tray, waiting):
    request = way.asked(enrolled)["cat"]
    tray.assign(way.doctor, waiting.id, request.id)

    with pytest.raises(ConflictError):
        tray.discard(way.doctor, waiting.id, "for sent")
    with pytest.raises(ConflictError):
        tray.assign(way.doctor, waiting.id, request.id)


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.CHANNEL, Role.CLINIC_ADMIN, Role.PATIENT])
def test_only_the_clinics_people_sort(way, tray, waiting, role):
    for act in (
        tray.listed,
        lambda actor: tray.assign(actor, waiting.id, "request"),
        lambda actor: tray.discard(actor, waiting.id, "reason"),
    ):
        with pytest.raises(AccessError):
            act(an_actor(role))


def test_another_clinics_tray_is_unknown(way, tray, waiting):
    stranger = an_actor(clinic_id=OTHER_CLINIC_ID)
    with way.store.write(OTHER_CLINIC_ID, stranger) as tx:
        tx.clinics.add(a_clinic(OTHER_CLINIC_ID))

    assert tray.listed(stranger) == ()
    with pytest.raises(NotFoundError):
        tray.assign(stranger, waiting.id, "request")
    with pytest.raises(NotFoundError):
        tray.discard(stranger, waiting.id, "reason")
