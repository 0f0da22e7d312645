"""Somebody of several clinics chooses, whoever signs out does so at the provider too, and citizens find their own."""

import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from cli.prepare import free_addresses
from flow.enrol import EnrolmentOrder
from tests.contract.doors import PERSONS, served
from tests.foreign.node import need_node
from tests.foreign.person import provider, write_json
from tests.foreign.test_person import CLAIMS, SUBSTANTIAL, Place
from tests.signing import ec_pair

SOR_IDS = ("325421000016001", "325421000016002")
CITIZEN = {"cpr": "cpr", "assurance": CLAIMS["assurance"]}
DOCTOR = {"name": "Lise Holm, læge", "sor": list(SOR_IDS), "roles": ["laege"], "nsis_loa": SUBSTANTIAL}
ACCOUNTS = {
    "both": DOCTOR,
    "one": {**DOCTOR, "sor": SOR_IDS[0]},
    "nancy": {"cpr": PERSONS[0][0], "nsis_loa": SUBSTANTIAL},
    "sverre": {"cpr": PERSONS[1][0], "nsis_loa": SUBSTANTIAL},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory, migrated_sqlite) -> Iterator[Place]:
    """Start the provider, then our house, which has both clinics of its accounts."""
    need_node()
    directory = tmp_path_factory.mktemp("places")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    port, pair = free_addresses(0, 0).web_port, ec_pair("ours", ec.SECP256R1())
    home = f"http://127.0.0.1:{port}"
    redirects = [f"{home}/clinic/login/test/callback", f"{home}/p/login/test/callback"]
    job = {"redirects": redirects, "home": f"{home}/clinic/login", "algorithm": "ES256", "jwk": pair.jwk}
    write_json(directory / "key.json", pair.private_jwk)
    with provider(write_json(directory / "job.json", {**job, "accounts": ACCOUNTS})) as issuer:
        broker = {"name": "test", "title": "MitID", "issuer": issuer, "client_id": "svarbro", "scope": "openid"}
        broker |= {"key_file": "key.json"}
        staff, citizens = {**broker, "claims": CLAIMS, "sign_out": True}, {**broker, "claims": CITIZEN}
        brokers = write_json(directory / "brokers.json", {"brokers": [staff], "citizens": [citizens]})
        url = f"sqlite:///{directory / 'svarbro.sqlite'}"
        with served(directory, url, port=port, more={"SVARBRO_OIDC_FILE": str(brokers)}) as house:
            with house.services.store.queue() as queue:
                for tenant, sor_id in zip((house.one, house.other), SOR_IDS, strict=True):
                    change = f"UPDATE clinic SET sor_id = '{sor_id}' WHERE id = '{tenant.clinic_id}'"
                    queue.connection.exec_driver_sql(change)
            yield Place(house, issuer)


def test_somebody_of_two_clinics_chooses_and_is_in_that_one_alone(place):
    browser = place.browser()
    assert browser.sign_in("both").headers["Location"] == "/clinic/choose"
    assert not browser.is_in()
    page = browser.get("/clinic/choose").text
    assert "Lægerne Et" in page
    assert "Lægerne To" in page

    answer = browser.post("/clinic/choose", "/clinic/choose", clinic="2")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/clinic/")
    assert browser.is_in()
    own = f"clinic_id = '{place.house.other.clinic_id}'"
    assert place.house.value(f"SELECT count(*) FROM staff_session WHERE {own}") == 1
    assert place.house.value(f"SELECT count(*) FROM staff_session WHERE NOT ({own})") == 0


def test_a_choice_counts_once_and_what_was_not_offered_is_none(place):
    browser = place.browser()
    browser.sign_in("both")
    thief = place.browser()
    thief.http.cookies = browser.http.cookies.copy()
    assert browser.post("/clinic/choose", "/clinic/choose", clinic="1").status_code == 303

    assert thief.post("/clinic/choose", "/clinic/choose", clinic="1").headers["Location"] == "/clinic/login"
    assert not thief.is_in()
    other = place.browser()
    other.sign_in("both")
    assert other.post("/clinic/choose", "/clinic/choose", clinic="3").headers["Location"] == "/clinic/login"
    assert not other.is_in()


def test_whoever_signs_out_here_is_led_to_sign_out_at_the_provider_and_back(place):
    browser = place.browser()
    browser.sign_in("one")

    page = browser.post("/clinic/logout", "/clinic/")

    assert page.status_code == 200
    assert not browser.is_in()
    address = page.headers["Refresh"].removeprefix("0; url=")
    assert address.startswith(place.issuer)
    assert parse_qs(urlsplit(address).query) == {
        "client_id": ["svarbro"],
        "post_logout_redirect_uri": [f"{place.house.address}/clinic/login"],
    }
    assert browser.agree_to_leave(address).startswith(f"{place.house.address}/clinic/login")
    # The provider asks again who it is: the browser is signed in there no more.
    asked = browser.leave()
    assert 'name="login"' in browser.get(urljoin(asked, browser.get(asked).headers["Location"])).text


def test_a_citizen_finds_what_waits_and_nothing_of_anybody_else(place):
    services = place.house.services
    services.use_cases.enrol(place.house.one.system, EnrolmentOrder(*PERSONS[0], "KOL"))
    services.use_cases.open_due()
    nancy, sverre = place.browser(), place.browser()

    found = nancy.get(nancy.agree(nancy.leave(door="p"), "nancy"))
    nothing = sverre.get(sverre.agree(sverre.leave(door="p"), "sverre"))

    assert (found.status_code, found.headers["Location"]) == (303, "/p/start")
    assert "Lægerne Et" in nancy.get("/p/start").text
    assert (nothing.status_code, nothing.headers["Location"]) == (303, "/p/")
    assert "ingen spørgsmål til dig" in sverre.get("/p/").text
    assert sverre.get("/p/start").status_code == 401


def test_what_began_at_one_door_does_not_end_at_the_other(place):
    browser = place.browser()
    back = browser.agree(browser.leave(), "one")

    answer = browser.get(back.replace("/clinic/", "/p/"))

    assert answer.status_code == 403
