"""Staff sign in by OpenID Connect at a provider that is not ours, and are signed in no longer than they should be."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask.sessions import SecureCookieSessionInterface

from app import create_app, services_of
from cli.prepare import free_addresses
from security.actor import Actor, Role
from tests.contract.doors import House, served
from tests.foreign.node import need_node
from tests.foreign.person import Browser, provider, write_json
from tests.released import RELEASED
from tests.signing import ec_pair

SUBSTANTIAL = "https://data.gov.dk/concept/core/nsis/Substantial"
LOW = "https://data.gov.dk/concept/core/nsis/Low"
CLAIMS = {
    "name": "name",
    "sor": "sor",
    "provider_number": "ydernummer",
    "role": {"claim": "roles", "values": {"laege": "clinician", "sygeplejerske": "clinic-staff"}},
    "assurance": {"claim": "nsis_loa", "values": {SUBSTANTIAL: "substantial", LOW: "low"}},
}


@dataclass(frozen=True)
class Place:
    """Our house and the provider that its staff sign in at."""

    house: House
    issuer: str

    def browser(self) -> Browser:
        return Browser(self.house.address)


def accounts(sor_id: str) -> dict[str, dict[str, Any]]:
    doctor: dict[str, Any] = {"name": "Lise Holm, læge", "sor": sor_id, "roles": ["laege"], "nsis_loa": SUBSTANTIAL}
    return {
        "doctor": doctor,
        "nurse": {**doctor, "name": "Nete Bruun", "roles": ["sygeplejerske"]},
        "low": {**doctor, "nsis_loa": LOW},
        "unsure": {key: value for key, value in doctor.items() if key != "nsis_loa"},
        "nowhere": {key: value for key, value in doctor.items() if key != "sor"},
        "elsewhere": {**doctor, "sor": "1"},
        "disagreeing": {**doctor, "ydernummer": "1"},
        "nobody": {key: value for key, value in doctor.items() if key != "roles"},
        "cleaner": {**doctor, "roles": ["rengoering"]},
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory, migrated_sqlite) -> Iterator[Place]:
    """Start the provider, then our house, which has the clinic of its accounts."""
    need_node()
    directory = tmp_path_factory.mktemp("people")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    port, pair = free_addresses(0, 0).web_port, ec_pair("ours", ec.SECP256R1())
    home = f"http://127.0.0.1:{port}/clinic/login"
    job = {"redirects": [f"{home}/test/callback"], "home": home, "algorithm": "ES256", "jwk": pair.jwk}
    sor_id = "325421000016001"
    told = accounts(sor_id)
    write_json(directory / "key.json", pair.private_jwk)
    with provider(write_json(directory / "job.json", {**job, "accounts": told})) as issuer:
        broker = {
            "name": "test", "title": "MitID Erhverv", "issuer": issuer, "client_id": "svarbro",
            "scope": "openid", "key_file": "key.json", "claims": CLAIMS,
        }  # fmt: skip
        more = {"SVARBRO_OIDC_FILE": str(write_json(directory / "brokers.json", {"brokers": [broker]}))}
        url = f"sqlite:///{directory / 'svarbro.sqlite'}"
        with served(directory, url, port=port, more=more) as house:
            with house.services.store.queue() as queue:
                queue.connection.exec_driver_sql(
                    f"UPDATE clinic SET sor_id = '{sor_id}' WHERE id = '{house.one.clinic_id}'"
                )
            yield Place(house, issuer)


def test_a_doctor_signs_in_and_is_known_the_next_time(place):
    browser, again = place.browser(), place.browser()
    assert not browser.is_in()

    answer = browser.sign_in("doctor")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/clinic/")
    assert "Logget ind som Lise Holm, læge" in browser.get("/clinic/").text
    again.sign_in("doctor")

    people = place.house.value("SELECT count(*) FROM person WHERE name = 'Lise Holm, læge' AND role = 'clinician'")
    assert people == 1
    assert place.house.value("SELECT count(*) FROM audit_event WHERE action = 'sign-in' AND role = 'clinician'") == 2


def test_what_we_ask_of_the_provider_has_pkce_nonce_state_and_our_own_address(place):
    asked = parse_qs(urlsplit(place.browser().leave()).query)

    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [f"{place.house.address}/clinic/login/test/callback"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))


def test_a_forged_host_does_not_change_where_the_provider_sends_the_browser(place):
    browser = place.browser()
    # One that is let in: any other is not answered at all (tests/contract/test_edge.py).
    browser.http.headers["Host"] = "localhost:1"

    asked = parse_qs(urlsplit(browser.leave()).query)

    assert asked["redirect_uri"][0].startswith(place.house.address)


@pytest.mark.parametrize("account", ["low", "unsure", "nowhere", "elsewhere", "disagreeing", "nobody", "cleaner"])
def test_who_is_not_sure_enough_or_of_no_clinic_or_role_is_not_signed_in(place, account):
    browser = place.browser()

    answer = browser.sign_in(account)

    assert answer.status_code == 403
    assert "Du blev ikke logget ind" in answer.text
    assert not browser.is_in()


def test_the_session_is_another_one_after_signing_in(place):
    browser = place.browser()
    browser.leave()
    planted = browser.cookies

    browser.sign_in("doctor")

    assert planted
    assert browser.cookies != planted
    thief = place.browser()
    thief.http.cookies.update(planted)
    assert not thief.is_in()


def test_a_cookie_of_before_signing_out_is_worth_nothing(place):
    browser, thief = place.browser(), place.browser()
    browser.sign_in("doctor")
    thief.http.cookies.update(browser.cookies)
    assert thief.is_in()

    token = browser.get("/clinic/").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = browser.http.post(
        f"{place.house.address}/clinic/logout", data={"csrf_token": token}, allow_redirects=False, timeout=10
    )

    assert answer.status_code == 303
    assert not thief.is_in()
    assert not browser.is_in()


def test_a_way_back_counts_once(place):
    browser = place.browser()
    back = browser.agree(browser.leave(), "doctor")
    before = browser.cookies
    assert browser.get(back).status_code == 303

    again = browser.get(back)
    assert again.status_code == 403
    replayer = place.browser()
    replayer.http.cookies.update(before)
    assert replayer.get(back).status_code == 403
    assert not replayer.is_in()


def test_a_way_back_of_another_browser_is_refused(place):
    attacker, victim = place.browser(), place.browser()
    back = attacker.agree(attacker.leave(), "doctor")
    victim.leave()

    answer = victim.get(back)

    assert answer.status_code == 403
    assert not victim.is_in()


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", "x"), ("state", None), ("code", "x"), ("code", None), ("iss", "https://evil.example")],
)
def test_a_way_back_that_was_changed_is_refused(place, name, value):
    browser = place.browser()
    path, _, query = browser.agree(browser.leave(), "doctor").partition("?")
    fields = {key: values[0] for key, values in parse_qs(query).items()} | {name: value}

    answer = browser.http.get(
        path, params={k: v for k, v in fields.items() if v is not None}, allow_redirects=False, timeout=10
    )

    assert answer.status_code == 403
    assert not browser.is_in()


def test_a_code_of_another_beginning_is_refused(place):
    """An injected code: the state is the victim's, the challenge that the code hangs on is not."""
    attacker, victim = place.browser(), place.browser()
    stolen = parse_qs(urlsplit(attacker.agree(attacker.leave(), "doctor")).query)["code"][0]
    own = parse_qs(urlsplit(victim.agree(victim.leave(), "doctor")).query)["state"][0]

    answer = victim.get(f"/clinic/login/test/callback?state={own}&code={stolen}")

    assert answer.status_code == 403
    assert not victim.is_in()


@pytest.mark.parametrize("forgotten", ["nonce", "code_verifier"])
def test_what_the_browser_began_with_is_what_the_token_must_answer(place, forgotten):
    """The cookie is written anew with another nonce, or another verifier, as only who has our key could."""
    browser = place.browser()
    back = browser.agree(browser.leave(), "doctor")
    app = create_app(place.house.services.settings, RELEASED)
    (cookie,) = [one for one in browser.http.cookies if one.name == "session"]
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    held = serializer.loads(cookie.value)
    (state,) = [name for name in held if name.startswith("_state_")]
    held[state]["data"][forgotten] = "x" * 48
    cookie.value = str(serializer.dumps(held))

    answer = browser.get(back)
    services_of(app).store.close()

    assert answer.status_code == 403
    assert not browser.is_in()


def test_an_error_of_the_provider_signs_nobody_in_and_is_not_repeated(place):
    browser = place.browser()
    browser.leave()

    answer = browser.get("/clinic/login/test/callback?error=access_denied&error_description=<script>1</script>")

    assert answer.status_code == 403
    assert "<script>" not in answer.text


def test_there_is_no_other_provider(place):
    assert place.browser().get("/clinic/login/other").status_code == 404
    assert place.browser().get("/clinic/login/other/callback").status_code == 404


def test_an_operator_ends_all_sessions_of_a_person(place):
    browser = place.browser()
    browser.sign_in("nurse")
    assert browser.is_in()
    person_id = place.house.value("SELECT id FROM person WHERE name = 'Nete Bruun'")
    clinic_id = place.house.one.clinic_id

    sessions = place.house.services.use_cases.staff_sessions
    assert sessions.revoke(Actor(Role.OPERATOR, "test", clinic_id), person_id) >= 1

    assert not browser.is_in()
