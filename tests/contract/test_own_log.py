"""The patient's own access log: dates, purposes and organisation, for the patient alone."""

import pytest
import requests

from security.links import link_token
from tests.contract.doors import PATIENCE_S

SQLITE = pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)


@pytest.fixture
def browser(house):
    """Enrol a patient, let the clinic look, and open the personal link."""
    enrolled = house.enrol()
    house.services.use_cases.open_due()
    house.get(f"/fhir/CarePlan/{enrolled.enrolment_id}")
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)
    session = requests.Session()
    token = link_token(house.services.keyring.link_key, occasion.id)
    session.get(f"{house.address}/p/i/{token}", timeout=PATIENCE_S)
    return session


def get(house, browser, path):
    return browser.get(house.address + path, timeout=PATIENCE_S)


@SQLITE
def test_the_patient_reads_when_who_in_kind_and_why_and_of_which_organisation(house, browser):
    answer = get(house, browser, "/p/log.json")

    told = answer.json()
    looks = [entry for entry in told["entries"] if entry["act"] == "read"]
    assert answer.status_code == 200
    assert told["organisation"]["name"] == "Lægerne Et"
    assert looks[0].keys() == {"at", "act", "who", "purpose"}
    assert (looks[0]["who"], looks[0]["purpose"]) == ("system", "treatment")
    assert [entry["at"] for entry in told["entries"]] == sorted((e["at"] for e in told["entries"]), reverse=True)


@SQLITE
def test_the_page_says_the_same_in_words_and_the_look_itself_is_there_next_time(house, browser):
    first = get(house, browser, "/p/log?lang=da")
    again = get(house, browser, "/p/log.json").json()

    assert "dine oplysninger er set (klinikkens it-system). Formål: din behandling." in first.text
    assert (again["entries"][0]["who"], again["entries"][0]["purpose"]) == ("you", "own-access")


@SQLITE
def test_who_opened_no_personal_link_reads_nothing(house, browser):
    assert get(house, requests.Session(), "/p/log").status_code == 401
    assert get(house, requests.Session(), "/p/log.json").status_code == 401


@SQLITE
def test_no_other_patient_and_no_name_of_staff_is_told(house, browser):
    house.enrol(1)
    mine = get(house, browser, "/p/log.json").text

    assert house.one.doctor.id not in mine
    assert house.one.doctor.display not in mine
