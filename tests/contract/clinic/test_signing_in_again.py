"""Whoever wants to end other sessions signs in again: the broker is asked to ask, and the list comes back."""

import time
from dataclasses import dataclass, field

import pytest
from flask import Flask, redirect

from flow.sign_in import TokenAuthenticator
from security.actor import Role
from security.broker_file import Broker
from security.claims import Assurance, ClaimRules
from tests.contract.clinic.desk import TOKEN
from web.clinic.oidc import BrokerViews
from web.install import install

HOME = "https://svarbro.example"
RULES = ClaimRules("name", "sor", "", "role", {"l": Role.CLINICIAN}, "loa", {"s": Assurance.SUBSTANTIAL})
SQLITE = pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)


@dataclass
class FakeProvider:
    """A broker that knows one doctor."""

    sor_id: str
    asked: list[bool] = field(default_factory=list)
    proven: float | None = None
    broker: Broker[ClaimRules] = field(
        default_factory=lambda: Broker("test", "Test", "https://broker.example", "svarbro", "openid", {}, RULES, {})
    )

    def leave(self, way_back, *, again=False):
        self.asked.append(again)
        return redirect(f"https://broker.example/?redirect_uri={way_back}")

    def returned(self):
        told = {"sub": "s-1", "name": "Lise Holm, læge", "sor": self.sor_id, "role": "l", "loa": "s"}
        return told if self.proven is None else {**told, "auth_time": int(self.proven)}


@pytest.fixture
def provider(house):
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        return FakeProvider(tx.clinics.get().sor_id)


@pytest.fixture
def app(house, provider):
    services = house.services
    app = Flask("web")
    app.config.update(SECRET_KEY="of a test")
    install(
        app,
        services.use_cases,
        services.content,
        TokenAuthenticator(services.store),
        people=tuple,
        bare_links=False,
        brokers=lambda staff: BrokerViews(staff, {"test": provider}, HOME, lambda _name, _until: True),
    )
    return app


def came_back(browser, query=""):
    browser.get(f"/clinic/login/test{query}")
    return browser.get("/clinic/login/test/callback?code=x").headers["Location"]


@SQLITE
def test_whoever_signs_in_again_is_asked_anew_and_comes_back_to_the_list_once(app, provider):
    browser = app.test_client()

    assert came_back(browser) == "/clinic/"
    assert 'href="/clinic/login/test?again=yes"' not in browser.get("/clinic/sessions").text
    assert came_back(browser, "?again=yes") == "/clinic/sessions"
    assert came_back(browser) == "/clinic/"

    assert provider.asked == [False, True, False]


@SQLITE
def test_the_list_of_who_signed_in_long_ago_leads_to_the_own_broker(house, app):
    browser, other = app.test_client(), app.test_client()
    came_back(browser)
    with house.services.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE staff_session SET opened_at = datetime(opened_at, '-600 seconds')")
    came_back(other)

    page = browser.get("/clinic/sessions").text

    assert 'href="/clinic/login/test?again=yes"' in page
    assert "Log ud der" not in page
    assert "Log ud alle andre steder" not in page


@SQLITE
def test_signing_in_again_leaves_one_session_of_this_browser_and_opens_the_way_to_end_the_other(app):
    browser, other = app.test_client(), app.test_client()
    came_back(browser)
    came_back(other)

    came_back(browser, "?again=yes")

    page = browser.get("/clinic/sessions").text
    assert (page.count("Denne browser"), page.count("En anden browser")) == (1, page.count("Log ud der"))
    assert "Log ud alle andre steder" in page


@SQLITE
@pytest.mark.parametrize(("minutes", "may"), [(0, True), (10, False)])
def test_whom_the_broker_let_in_without_asking_ends_nothing_yet(app, provider, minutes, may):
    browser, other = app.test_client(), app.test_client()
    came_back(other)
    provider.proven = time.time() - minutes * 60

    came_back(browser)

    page = browser.get("/clinic/sessions").text
    assert ("Log ud alle andre steder" in page) is may
    csrf = TOKEN.search(page)
    assert csrf
    browser.post("/clinic/sessions", data={"csrf_token": csrf.group(1), "session": "others"})
    assert (other.get("/clinic/").status_code == 303) is may
