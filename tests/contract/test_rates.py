"""Who knocks too often is told to wait, at each door in its own words; who is right is let in all the same."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from app import create_app, services_of
from flow.enrol import EnrolmentOrder
from flow.rates import LimitCalls
from kernel.settings import Settings
from security.keys import ensure_key_file
from security.links import link_token
from tests.contract.doors import PERSONS, add_clinic
from tests.databases import START
from tests.fakes import FakeClock
from tests.released import RELEASED
from web.rates import FORMS, SIGN_INS, WRONG_LINKS, WRONG_SIGNATURES, WRONG_TOKENS, init_rates

BASIC = "/fhir/Task"


class Door:
    """An application that counts by a clock which the test moves."""

    def __init__(self, app, clock):
        self.services = services_of(app)
        self.clock = clock
        self.browser = app.test_client()

    def call(self, method, path, source="192.0.2.1", **options):
        return self.browser.open(path, method=method, environ_base={"REMOTE_ADDR": source}, **options)

    def statuses(self, count, *call, **options):
        return {self.call(*call, **options).status_code for _ in range(count)}

    def link(self):
        """Ask a patient, and return the personal link's token."""
        tenant = add_clinic(self.services, "Lægerne Et")
        enrolled = self.services.use_cases.enrol(tenant.system, EnrolmentOrder(*PERSONS[0], "KOL"))
        self.services.use_cases.open_due()
        with self.services.store.read(tenant.clinic_id, tenant.system) as tx:
            occasion = tx.occasions.open_of(enrolled.patient_ref)
        assert occasion is not None
        return link_token(self.services.keyring.link_key, occasion.id)


@pytest.fixture
def door(tmp_path, database_url):
    environ = {"SVARBRO_INSTANCE_DIR": str(tmp_path), "SVARBRO_DATABASE_URL": database_url}
    settings = Settings.from_env(environ)
    ensure_key_file(settings.keys_file)
    app, clock = create_app(settings, RELEASED), FakeClock(START)
    services = services_of(app)
    init_rates(app, LimitCalls(services.store, clock, services.keyring))
    yield Door(app, clock)
    services.store.close()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_after_ten_wrong_links_in_a_minute_the_eleventh_is_told_to_wait(door):
    assert door.statuses(WRONG_LINKS.most, "GET", "/p/i/wrong") == {404}

    answer = door.call("GET", "/p/i/wrong")

    assert WRONG_LINKS.most == 10
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Vent et øjeblik" in answer.get_data(as_text=True)
    assert answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Request-Id"]


def test_another_source_and_the_next_minute_count_anew(door):
    door.statuses(WRONG_LINKS.most + 1, "GET", "/p/i/wrong")

    assert door.call("GET", "/p/i/wrong", source="192.0.2.2").status_code == 404
    door.clock.at += timedelta(seconds=59)
    assert door.call("GET", "/p/i/wrong").headers["Retry-After"] == "1"
    door.clock.at += timedelta(seconds=1)
    assert door.call("GET", "/p/i/wrong").status_code == 404


def test_whoever_has_the_right_link_is_let_in_from_where_others_guess(door):
    token = door.link()
    door.statuses(WRONG_LINKS.most + 1, "GET", "/p/i/wrong")

    assert door.call("GET", f"/p/i/{token}").status_code == 303


def test_a_wrong_bearer_token_is_told_to_wait_in_the_words_of_its_door(door):
    assert door.statuses(WRONG_TOKENS.most, "GET", BASIC, headers=bearer("wrong")) == {401}

    fhir = door.call("GET", BASIC, headers=bearer("wrong"))
    api = door.call("GET", "/api/v1/outbox", headers=bearer("wrong"))

    assert (fhir.status_code, fhir.json["issue"][0]["code"]) == (429, "throttled")
    assert (api.status_code, api.content_type) == (429, "application/problem+json")


def test_the_right_token_counts_nothing(door):
    tenant = add_clinic(door.services, "Lægerne Et")
    door.statuses(WRONG_TOKENS.most + 1, "GET", BASIC, headers=bearer("wrong"))

    assert door.statuses(5, "GET", BASIC, headers=bearer(tenant.system_token)) == {200}


def test_wrong_assertions_are_counted(door):
    asked = urlencode({"grant_type": "client_credentials"})
    form = {"data": asked, "content_type": "application/x-www-form-urlencoded"}

    assert door.statuses(WRONG_TOKENS.most, "POST", "/oauth/token", **form) == {401}

    answer = door.call("POST", "/oauth/token", **form)
    assert (answer.status_code, answer.content_type) == (429, "application/problem+json")


def test_wrong_signatures_of_webhooks_are_counted(door):
    body = {"data": b"{}", "content_type": "application/json"}

    assert door.statuses(WRONG_SIGNATURES.most, "POST", "/channels/webpatient/events", **body) == {401}

    assert door.call("POST", "/channels/webpatient/events", **body).status_code == 429


def test_signing_in_is_counted_right_or_wrong(door):
    assert 429 not in door.statuses(SIGN_INS.most, "GET", "/clinic/login/nobody")

    answer = door.call("GET", "/clinic/login/nobody")

    assert answer.status_code == 429
    assert "Vent et minut" in answer.get_data(as_text=True)
    assert door.call("GET", "/clinic/login").status_code == 200


def test_forms_count_for_the_session_that_posts_them(door):
    door.call("GET", f"/p/i/{door.link()}")
    assert 429 not in door.statuses(FORMS.most, "POST", "/p/send")

    assert door.call("POST", "/p/send").status_code == 429
    assert door.call("POST", "/p/send", source="192.0.2.2").status_code == 429
    door.browser.delete_cookie("session")
    assert door.call("POST", "/p/send").status_code == 401


def test_behind_a_proxy_the_caller_is_whom_the_proxy_saw_and_not_whom_the_caller_names(tmp_path, sqlite_url):
    environ = {"SVARBRO_INSTANCE_DIR": str(tmp_path), "SVARBRO_DATABASE_URL": sqlite_url}
    settings = Settings.from_env({**environ, "SVARBRO_PROXIES": "1", "SVARBRO_RATES": "on"})
    ensure_key_file(settings.keys_file)
    app = create_app(settings, RELEASED)

    def guess(forwarded):
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Host": "evil.example"}
        return app.test_client().get("/p/i/wrong", headers=headers).status_code

    # More than two windows' worth: wherever the minute ends, one of them is full.
    assert 429 in {guess(f"198.51.100.{n}, 192.0.2.1") for n in range(2 * WRONG_LINKS.most + 1)}
    assert {guess(f"192.0.2.{n}") for n in range(10, 30)} == {404}
    services_of(app).store.close()
