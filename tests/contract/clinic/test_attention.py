"""The page of what must be looked at now: who sees it, what it says, and what it lets a person do."""

import re

import pytest

from delivery.backlog import Wanted
from delivery.outbox import MessageState
from security.actor import Role
from tests.contract.clinic.desk import Desk, words
from tests.contract.clinic.refusing import refuse
from tests.contract.doors import kol_status

PAGE = "/clinic/attention"


@pytest.fixture
def red(house):
    """A patient with a danger sign that nobody decides on for a day, and a report that the plan refused."""
    enrolled = house.enrol()
    asked = house.asked(enrolled)
    body = kol_status(asked["kol-status"].id)
    body["item"][0]["answer"] = [{"valueBoolean": True}]
    assert house.post("/fhir/QuestionnaireResponse", body).status_code == 201
    refuse(house, "flp")
    house.travel(days=1)
    house.services.use_cases.escalate()
    return enrolled


def test_every_page_of_the_clinic_leads_there_while_something_waits(house, red):
    desk = Desk(house)

    for path in ("/clinic/", "/clinic/calls", f"/clinic/enrolments/{red.enrolment_id}"):
        assert "1 rødt svar har ventet for længe. 1 rapport blev ikke modtaget" in desk.get(path).text
    assert "har ventet for længe" not in Desk(house, tenant=house.other).get("/clinic/").text


def test_the_operator_reads_how_many_reds_were_told_to_whom_in_the_metrics(house, red):
    told = house.get("/metrics", token="").text

    assert re.search(r'^svarbro_reds_escalated\{step="person"\} [1-9]', told, re.MULTILINE)


def test_the_page_names_patient_reason_and_who_was_told(house, red):
    shown = words(Desk(house, Role.CLINIC_STAFF).get(PAGE))

    assert "Nancy Berggren" in shown
    assert "Ingen har vurderet svaret i tide" in shown
    assert "Klinikken har ikke valgt en person" in shown
    assert "Patientens plan" in shown


def test_a_refused_report_is_handled_once(house, red):
    desk = Desk(house)
    with house.services.store.read(house.one.clinic_id, house.one.doctor) as tx:
        (dead,) = tx.backlog.entries(Wanted(states=[MessageState.DEAD]))

    first, second = (desk.post(PAGE, message=dead.id) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Det er noteret" in words(first)
    assert "ikke længere på listen" in words(second)
    assert "Patientens plan" not in words(first)


def test_another_clinic_sees_and_handles_nothing(house, red):
    stranger = Desk(house, tenant=house.other)
    with house.services.store.read(house.one.clinic_id, house.one.doctor) as tx:
        (dead,) = tx.backlog.entries(Wanted(states=[MessageState.DEAD]))

    assert "Intet venter." in words(stranger.get(PAGE))
    assert stranger.post(PAGE, message=dead.id).status_code == 404


def test_whoever_may_not_see_patients_sees_no_banner_and_no_page(house, red):
    admin = Desk(house, Role.CLINIC_ADMIN)

    assert admin.get(PAGE).status_code == 403
    assert "har ventet for længe" not in admin.get(PAGE).text


def test_a_silent_source_of_status_is_named_while_it_holds_every_message(house):
    desk = Desk(house)
    with house.services.store.write(house.one.clinic_id, house.one.system) as tx:
        tx.freshness.demand("cpr", 24)

    assert "Ingen patienter får besked lige nu" in desk.get("/clinic/calls").text
    assert 'class="attend' not in desk.get("/clinic/").text, "the worklist says it in its own words"
    assert "Kilden cpr til patienternes status skal melde sig mindst hver 24. time" in words(desk.get(PAGE))
