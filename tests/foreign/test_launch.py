"""A client that is not ours opens one patient's page: no sign-in page on the way, and no other patient behind it."""

import pytest

from flow.clients import ClientOrder
from flow.enrol import EnrolmentOrder
from security.actor import Actor, Role
from tests.contract.oauth.launching import BACK, NANCY, STAFF, SVERRE
from tests.foreign.node import ran
from tests.foreign.person import Browser
from tests.signing import ec_pair


@pytest.fixture
def practice(house):
    """A practice system, and what it tells its client."""
    pair, one = ec_pair(), house.one
    order = ClientOrder("LPS", "system/Patient.r", key_set={"keys": [pair.jwk]}, redirect_uri=BACK)
    client = house.services.use_cases.clients.add(Actor(Role.OPERATOR, "test", one.clinic_id), order)
    return {
        "discovery": f"{house.address}/fhir/.well-known/smart-configuration",
        "launches": f"{house.address}/api/v1/launches",
        "fhir": f"{house.address}/fhir",
        "jwk": pair.private_jwk,
        "client": client.id,
        "back": BACK,
        "order": {"identifier": NANCY[0], "staff": STAFF},
    }


def test_openid_client_opens_one_patients_page_without_a_further_sign_in(house, practice):
    nancy, sverre = (
        house.services.use_cases.enrol(house.one.system, EnrolmentOrder(*person, "KOL")) for person in (NANCY, SVERRE)
    )
    begun = ran("launch.mjs", {**practice, "step": "begin"})
    browser, seen = Browser(house.address), []

    back = browser.get(begun["address"]).headers["Location"]
    done = {**practice, "step": "change", "returned": back, **{name: begun[name] for name in ("verifier", "state")}}
    told = ran("launch.mjs", done)
    address = told["page"]
    while True:
        seen.append(address)
        answer = browser.get(address)
        if answer.status_code == 200:
            break
        address = answer.headers["Location"]

    assert (told["patient"], told["scope"]) == (nancy.patient_ref, "launch")
    assert "Nancy Berggren" in answer.text
    assert not any("login" in address for address in seen)
    assert browser.get(f"/clinic/enrolments/{sverre.enrolment_id}").status_code == 404
    assert ran("launch.mjs", done) == {"error": "invalid_grant", "status": 400}
    assert not browser.is_in()
