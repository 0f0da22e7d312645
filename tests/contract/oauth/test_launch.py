"""A practice system opens one patient's page for one of its staff, without a further sign-in."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.contract.clinic.desk import TOKEN
from tests.contract.doors import PATIENCE_S
from tests.contract.oauth.launching import BACK, NANCY, STAFF, SVERRE, Practice, another_launch, enrolled, register
from tests.signing import ec_pair

RACERS = 20


@pytest.fixture(scope="module")
def pair():
    return ec_pair()


@pytest.fixture
def practice(house, pair):
    """A practice system whose clinic has enrolled two patients."""
    practice = Practice(house, register(house, house.one, pair), pair)
    for person in (NANCY, SVERRE):
        practice.patients[person[0]] = enrolled(house, house.one, person)
    yield practice
    practice.browser.close()


def test_one_patients_page_opens_without_a_further_sign_in(house, practice):
    prepared = practice.prepare().json()
    assert prepared["patient"] == practice.patients[NANCY[0]].patient_ref

    told = practice.told(practice.asked(prepared["launch"]))
    assert (told["state"], told["iss"]) == ("of-the-practice-system", "http://127.0.0.1:8080")
    answer = practice.redeem(told["code"])
    changed = answer.json()
    assert answer.status_code == 200
    assert (changed["patient"], changed["scope"]) == (practice.patients[NANCY[0]].patient_ref, "launch")
    assert changed["page"] == "http://127.0.0.1:8080/clinic/launched"

    assert practice.page().headers["Location"] == f"/clinic/enrolments/{practice.patients[NANCY[0]].enrolment_id}"
    page = practice.get(f"/clinic/enrolments/{practice.patients[NANCY[0]].enrolment_id}").text
    assert "Nancy Berggren" in page
    assert "Lise Holm, læge" in page
    assert "/clinic/calls" not in page
    assert (
        house.get("/api/v1/enrolments/" + practice.patients[NANCY[0]].enrolment_id, changed["access_token"]).status_code
        == 401
    )


def test_the_page_shows_only_that_patient(house, practice):
    home = practice.opened()
    foreign = enrolled(house, house.other, NANCY)

    for path in (
        f"/clinic/enrolments/{practice.patients[SVERRE[0]].enrolment_id}",
        f"/clinic/enrolments/{foreign.enrolment_id}",
    ):
        assert practice.get(path).status_code == 404
    assert practice.get("/clinic/").headers["Location"] == home
    for path in ("/clinic/calls", "/clinic/candidates", "/clinic/unmatched", "/clinic/attention"):
        assert practice.get(path).status_code == 403
    for path in ("orders", "actions"):
        address = f"{house.address}/clinic/enrolments/{practice.patients[SVERRE[0]].enrolment_id}/{path}"
        found = TOKEN.search(practice.get(home).text)
        assert found
        fields = {"csrf_token": found.group(1), "when": "fill-now", "action": another_launch(), "state": "completed"}
        posted = practice.browser.post(address, data=fields, allow_redirects=False, timeout=PATIENCE_S)
        assert posted.status_code == 404
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        looked = {
            name: [row.action for row in tx.audit.of_patient(patient.patient_ref, limit=50) if row.role == "clinician"]
            for name, patient in practice.patients.items()
        }
    assert looked == {NANCY[0]: ["read", "read"], SVERRE[0]: []}


def test_the_same_person_is_known_at_the_next_launch_and_a_second_launch_ends_the_first_page(house, practice):
    first, second = practice.opened(), practice.opened(SVERRE[0])

    assert practice.get(second).status_code == 200
    assert practice.get(first).status_code == 404
    assert house.value(f"SELECT count(*) FROM person WHERE clinic_id = '{house.one.clinic_id}'") == 1


def test_launch_code_and_page_count_once(practice):
    asked = practice.asked(practice.launch())
    code = practice.told(asked)["code"]
    assert practice.told(asked)["error"] == "access_denied"
    assert practice.redeem(code).status_code == 200
    assert practice.page().status_code == 303

    assert practice.page().status_code == 403


def test_a_code_that_comes_twice_is_refused_and_ends_what_it_opened(practice):
    code = practice.told(practice.asked(practice.launch()))["code"]
    practice.redeem(code)
    home = practice.page().headers["Location"]
    assert practice.get(home).status_code == 200

    again = practice.redeem(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert practice.get(home).headers["Location"] == "/clinic/login"


def test_of_many_uses_of_one_code_at_once_one_counts(practice):
    code = practice.told(practice.asked(practice.launch()))["code"]

    with ThreadPoolExecutor(RACERS) as pool:
        answers = list(pool.map(lambda _: practice.redeem(code).status_code, range(RACERS)))

    assert sorted(answers) == [200, *[400] * (RACERS - 1)]


def test_whoever_reads_the_addresses_is_let_in_nowhere(house, practice):
    asked = practice.asked(practice.launch())
    code = practice.told(asked)["code"]
    practice.redeem(code)
    thief = Practice(house, practice.client, practice.pair, requests.Session())

    assert thief.page().status_code == 403
    assert thief.told(asked)["error"] == "access_denied"
    assert practice.page().status_code == 303


def test_before_the_practice_system_has_changed_the_code_the_page_stays_closed(practice):
    practice.told(practice.asked(practice.launch()))

    assert practice.page().status_code == 403


@pytest.mark.parametrize(
    ("others", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "launch openid"}, "invalid_scope"),
        ({"scope": "patient/*.rs"}, "invalid_scope"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "x" * 42}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"aud": "https://evil.example/fhir"}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"launch": "somebody"}, "access_denied"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_what_is_not_a_launch_with_pkce_is_told_to_the_practice_system(practice, others, error):
    told = practice.told({**practice.asked(practice.launch()), **others})

    assert told.get("error") == error
    assert "code" not in told


def test_a_parameter_that_nobody_knows_is_passed_over(practice):
    assert "code" in practice.told({**practice.asked(practice.launch()), "prompt": "none"})


def test_a_parameter_twice_counts_for_nothing(practice):
    asked = [*practice.asked(practice.launch()).items(), ("launch", another_launch())]

    assert practice.told(asked)["error"] == "invalid_request"


@pytest.mark.parametrize("others", [{"redirect_uri": f"{BACK}/more"}, {"redirect_uri": ""}, {"client_id": "nobody"}])
def test_a_browser_that_comes_from_nobody_known_is_sent_nowhere(practice, others):
    answer = practice.authorize({**practice.asked(practice.launch()), **others})

    assert answer.status_code == 422
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    "others",
    [{"code_verifier": "x" * 43}, {"code_verifier": "x"}, {"redirect_uri": f"{BACK}/more"}, {"code": "x"}],
    ids=lambda others: next(iter(others)),
)
def test_a_code_is_changed_with_its_verifier_and_address_alone(practice, others):
    code = practice.told(practice.asked(practice.launch()))["code"]

    answer = practice.redeem(**{"code": code, **others})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert practice.page().status_code == 403


def test_another_system_can_use_neither_launch_nor_code(house, practice):
    other = Practice(house, register(house, house.one, practice.pair), practice.pair, verifier=practice.verifier)
    launch = practice.launch()
    assert other.told(other.asked(launch))["error"] == "access_denied"

    code = practice.told(practice.asked(launch))["code"]

    assert other.redeem(code).json()["error"] == "invalid_grant"
    assert practice.redeem(code).status_code == 200


def test_who_is_not_sure_enough_or_unknown_opens_nothing(house, practice):
    assert practice.prepare(assurance="low").status_code == 422
    assert practice.prepare(role="clinic-admin").status_code == 422
    assert practice.prepare("0108589995").status_code == 404
    order = {"identifier": NANCY[0], "staff": STAFF}
    said = {"Content-Type": "application/json"}
    for token in (house.one.doctor_token, house.one.system_token, house.one.admin_token):
        assert house.post("/api/v1/launches", order, token, headers=said).status_code == 403


def test_a_patient_of_another_clinic_is_answered_like_an_unknown_one(house, practice):
    niels = ("3001749995", "Niels Vendelboe")
    enrolled(house, house.other, niels)

    answer = practice.prepare(niels[0])

    assert (answer.status_code, answer.json()["detail"]) == (404, "No such Patient.")


def test_a_system_without_an_address_to_come_back_to_opens_nothing(house, practice):
    plain = Practice(house, register(house, house.one, practice.pair, None), practice.pair)

    assert plain.prepare().status_code == 403
    assert plain.authorize(plain.asked("x")).status_code == 422


def test_discovery_tells_how_a_page_is_opened(house):
    told = house.get("/fhir/.well-known/smart-configuration", "").json()

    assert told["authorization_endpoint"].endswith("/oauth/authorize")
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert {"launch-ehr", "context-ehr-patient"} <= set(told["capabilities"])
    assert "authorization_code" in told["grant_types_supported"]
