"""My answers: what the patient sent, what comes next, and decisions only where the clinic released them."""

import pytest

from flow.afterwards import MyAnswers, ReleaseDecision
from flow.form import PatientForm, Visit
from kernel.errors import AccessError, ConflictError, NotFoundError
from kernel.ids import PatientRef, ResponseId
from scoring.levels import Colour
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor
from tests.way import CONTENT


@pytest.fixture
def mine(way):
    return MyAnswers(way.store, CONTENT)


@pytest.fixture
def release(way):
    return ReleaseDecision(way.store)


@pytest.fixture
def visit(way, answered):
    return Visit(CLINIC_ID, way.occasion(answered).id, answered.patient_ref)


def test_the_newest_answers_come_first_each_with_all_that_was_said(way, mine, visit):
    listed = mine.listed(visit)

    assert {one.title.da for one in listed.sent} == {
        CONTENT.questionnaires.newest(name).title.da for name in ("kol-status", "cat", "mmrc", "shk-draft")
    }
    moments = [one.at for one in listed.sent]
    assert moments == sorted(moments, reverse=True)
    cat = next(one for one in listed.sent if one.title == CONTENT.questionnaires.newest("cat").title)
    shown = mine.shown(visit, cat.response_id)
    assert [answers[0].code for _, answers in shown.items] == ["3"] * 8
    assert "Coded" not in repr(shown)


def test_before_a_release_nothing_is_said_of_a_decision(way, mine, visit, answered):
    way.decided(answered, "YELLOW")

    assert mine.listed(visit).results == ()


def test_a_released_decision_is_told_in_the_words_of_the_content_file(way, mine, release, visit, answered):
    decision = way.decided(answered, "YELLOW")

    release(way.doctor, answered.enrolment_id, decision.id)
    release(way.doctor, answered.enrolment_id, decision.id)

    (result,) = mine.listed(visit).results
    assert (result.at, result.words) == (decision.decided_at, CONTENT.patient_pages.results[Colour.YELLOW])
    assert release.is_released(way.doctor, decision)
    with way.look() as tx:
        assert [one.action for one in tx.audit.events() if one.action == "release"] == ["release"]


def test_only_the_newest_decision_is_released(way, release, answered):
    first = way.decided(answered, "YELLOW")
    way.decided(answered, "GREEN", amends=first.id)

    with pytest.raises(ConflictError):
        release(way.doctor, answered.enrolment_id, first.id)
    assert not release.is_released(way.doctor, first)


@pytest.mark.parametrize("role", [Role.CLINIC_STAFF, Role.CLINIC_ADMIN, Role.SYSTEM, Role.PATIENT])
def test_only_who_decides_releases(way, release, answered, role):
    decision = way.decided(answered, "YELLOW")

    with pytest.raises(AccessError):
        release(an_actor(role), answered.enrolment_id, decision.id)


def test_the_next_date_is_that_of_the_plan(way, mine, visit, answered):
    way.decided(answered, "GREEN")

    with way.look() as tx:
        planned = min(slot.nominal_date for slot in tx.schedule.planned_slots(answered.enrolment_id))
    assert mine.listed(visit).next_due == mine.next_due(visit) == planned


def test_what_another_patient_sent_is_not_there(way, mine, visit):
    (sent, *_) = mine.listed(visit).sent
    stranger = Visit(CLINIC_ID, visit.occasion_id, PatientRef("somebody"))

    with pytest.raises(NotFoundError):
        mine.shown(stranger, sent.response_id)
    with pytest.raises(NotFoundError):
        mine.shown(visit, ResponseId("unknown"))


def test_the_page_is_the_patient_s_own(way, mine, visit):
    beside = Visit(visit.clinic_id, visit.occasion_id, visit.patient_ref, way.doctor)

    with pytest.raises(AccessError):
        mine.listed(beside)


def test_a_look_is_on_record_as_the_patient_s_own(way, mine, visit):
    mine.listed(visit)

    with way.look() as tx:
        (event,) = [one for one in tx.audit.events() if one.entity == "MyAnswers"]
    assert (event.purpose, event.patients) == ("own-access", (visit.patient_ref,))


def test_the_form_promises_when_it_is_read(way, visit):
    reading = PatientForm(way.store, CONTENT, way.clock, way.receive).overview(visit).reading

    assert reading is not None
    assert reading.danger_by <= reading.by
    assert reading.unsent == CONTENT.patient_pages.unsent_danger
