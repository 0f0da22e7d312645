"""Patients sign in as citizens: they find their own, or what they may answer for another, and nobody else's."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask, redirect

from flow.enrol import EnrolmentOrder
from flow.related_persons import RelationOrder
from flow.sign_in import TokenAuthenticator
from kernel.errors import AccessError
from security.broker_file import Broker
from security.claims import Assurance, CitizenRules
from security.links import link_token
from tests.contract.clinic.desk import TOKEN
from web.install import install
from web.oidc import Provider
from web.patient.login import Citizens

HOME = "https://svarbro.example"
RULES = CitizenRules("dk.cpr", "loa", {"substantial": Assurance.SUBSTANTIAL, "low": Assurance.LOW})
NANCY, SVERRE = ("2512489996", "Nancy Berggren"), ("0104909995", "Sverre Mosebryggeren")
NIELS = ("3001749995", "Niels Vendelboe")


@dataclass
class FakeProvider:
    """A broker that says what it is told to say."""

    broker: Broker[CitizenRules] = field(
        default_factory=lambda: Broker("mitid", "MitID", "https://broker.example", "svarbro", "openid", {}, RULES, {})
    )
    claims: dict[str, object] = field(default_factory=dict)

    def leave(self, way_back: str):
        return redirect(f"https://broker.example/?redirect_uri={way_back}")

    def returned(self):
        if not self.claims:
            raise AccessError("Nobody signed in.")
        return self.claims


@dataclass
class FakeNow:
    """A clock of people at their browsers."""

    at: datetime = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Place:
    """The pages outside demo, with one broker of citizens and one browser."""

    def __init__(self, house):
        services = house.services
        self.house, self.store, self.do = house, services.store, services.use_cases
        self.provider, self.clock = FakeProvider(), FakeNow()
        # Whoever signs in is asked for at every clinic of the database: those of other tests ask nothing any more.
        with self.store.queue() as queue:
            queue.connection.exec_driver_sql("UPDATE occasion SET expires_at = '2000-01-01 00:00:00'")
            queue.connection.exec_driver_sql("UPDATE response SET status = 'entered-in-error'")
        self.csrf, providers = "", cast(dict[str, Provider], {"mitid": self.provider})
        self.app = Flask("web")
        self.app.config.update(SECRET_KEY="of a test", TESTING=False)
        install(
            self.app,
            services.use_cases,
            services.content,
            TokenAuthenticator(services.store),
            people=tuple,
            bare_links=False,
            citizens=Citizens(providers, HOME, self.clock),
        )
        self.browser = self.app.test_client()

    def asked(self, tenant: Any, person: tuple[str, str] = NANCY) -> tuple[Any, str]:
        """Enrol a patient and open what is due; return the enrolment and the personal link."""
        enrolled = self.do.enrol(tenant.system, EnrolmentOrder(*person, "KOL"))
        self.do.open_due()
        with self.store.read(tenant.clinic_id, tenant.system) as tx:
            occasion = tx.occasions.open_of(enrolled.patient_ref)
        assert occasion is not None
        return enrolled, link_token(self.house.services.keyring.link_key, occasion.id)

    def come_back(self, person, level="substantial"):
        """Come back from the broker as somebody; where that leads to what waits, return that page."""
        self.provider.claims = {"dk.cpr": person[0], "loa": level}
        answer = self.browser.get("/p/login/mitid/callback")
        return self.browser.get("/p/") if answer.headers.get("Location") == "/p/" else answer

    def choose(self, number):
        """Press a button of the page that was shown."""
        if found := TOKEN.search(self.browser.get("/p/").text):
            self.csrf = found.group(1)
        return self.browser.post("/p/", data={"csrf_token": self.csrf, "choice": number})

    def rows(self, role):
        """Return what somebody of this role did in both clinics, in order."""
        clinics = (self.house.one, self.house.other)
        return [row.action for one in clinics for row in self._events(one) if row.role == role]

    def _events(self, tenant):
        with self.store.read(tenant.clinic_id, tenant.system) as tx:
            return tx.audit.between(datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC), limit=1000)


@pytest.fixture
def place(house):
    return Place(house)


def test_a_link_leads_to_signing_in_and_then_to_the_form(house, place):
    _, link = place.asked(house.one)

    there = place.browser.get(f"/p/i/{link}")
    assert (there.status_code, there.headers["Location"]) == (303, "/p/")
    page = place.browser.get("/p/").text
    assert "/p/login/mitid" in page
    assert "spørgsmålene i din besked" in page
    assert place.browser.get("/p/start").status_code == 401
    assert place.browser.get("/p/login/mitid").headers["Location"].endswith(f"{HOME}/p/login/mitid/callback")

    assert place.come_back(NANCY).headers["Location"] == "/p/start"
    assert place.browser.get("/p/start").status_code == 200
    assert place.rows("patient") == ["open-form"]


def test_somebody_else_finds_nothing_behind_a_link_and_the_patient_reads_of_it(house, place):
    _, link = place.asked(house.one)
    place.browser.get(f"/p/i/{link}")

    assert place.come_back(SVERRE).status_code == 404
    assert place.browser.get("/p/start").status_code == 401
    assert place.rows("channel") == ["refuse-form"]


def test_an_unknown_link_is_answered_like_any_other_and_opens_nothing(house, place):
    place.asked(house.one)
    assert place.browser.get("/p/i/nobody").headers["Location"] == "/p/"

    assert place.come_back(NANCY).status_code == 404


def test_a_link_counts_for_one_sign_in(house, place):
    _, link = place.asked(house.one)
    place.browser.get(f"/p/i/{link}")
    place.come_back(SVERRE)

    assert "ingen spørgsmål" in place.come_back(SVERRE).text


def test_without_a_link_the_one_thing_that_waits_is_opened(house, place):
    place.asked(house.one)
    place.asked(house.other, SVERRE)

    assert place.come_back(NANCY).headers["Location"] == "/p/start"
    assert house.one.clinic_id == place_of(place)


def test_who_is_asked_by_two_clinics_chooses(house, place):
    place.asked(house.one)
    place.asked(house.other)

    page = place.come_back(NANCY)
    assert page.text.count('name="choice"') == 2
    assert place.browser.get("/p/start").status_code == 401

    assert place.choose("2").headers["Location"] == "/p/start"
    assert house.other.clinic_id == place_of(place)
    assert place.choose("1").status_code == 401


def place_of(place):
    with place.browser.session_transaction() as session:
        return session["visit"][0]


@pytest.mark.parametrize(("seconds", "status"), [(600, 303), (601, 401)])
def test_a_choice_waits_for_ten_minutes(house, place, seconds, status):
    place.asked(house.one)
    place.asked(house.other)
    place.come_back(NANCY)

    place.choose("x")
    place.clock.at += timedelta(seconds=seconds)

    assert place.choose("1").status_code == status


@pytest.mark.parametrize("number", ["3", "0", "", "x"])
def test_what_was_not_offered_cannot_be_chosen(house, place, number):
    place.asked(house.one)
    place.asked(house.other)
    place.come_back(NANCY)

    assert place.choose(number).status_code == 401


def test_who_is_asked_nothing_is_told_so(house, place):
    place.asked(house.one)

    answer = place.come_back(SVERRE)

    assert answer.status_code == 200
    assert "Der er ingen spørgsmål til dig lige nu" in answer.text


@pytest.mark.parametrize(
    "claims", [{}, {"dk.cpr": NANCY[0]}, {"dk.cpr": NANCY[0], "loa": "low"}, {"loa": "substantial"}]
)
def test_who_is_not_sure_enough_or_says_no_number_is_not_signed_in(house, place, claims):
    place.asked(house.one)
    place.provider.claims = claims

    answer = place.browser.get("/p/login/mitid/callback")

    assert answer.status_code == 403
    assert "Du blev ikke logget ind" in answer.text
    assert place.browser.get("/p/start").status_code == 401


def test_there_is_no_other_broker(place):
    assert place.browser.get("/p/login/nobody").status_code == 404
    assert place.browser.get("/p/login/nobody/callback").status_code == 404


def related(house, place, enrolled):
    order = RelationOrder(NIELS[0], NIELS[1], "guardian", "Familieretshusets afgørelse")
    return place.do.relate.add(house.one.doctor, enrolled.enrolment_id, order)


def test_a_guardian_answers_for_the_patient_and_for_nobody_else(house, place):
    enrolled, link = place.asked(house.one)
    _, other = place.asked(house.one, SVERRE)
    one = related(house, place, enrolled)
    place.browser.get(f"/p/i/{other}")
    assert place.come_back(NIELS).status_code == 404

    place.browser.get(f"/p/i/{link}")
    assert place.come_back(NIELS).headers["Location"] == "/p/start"
    page = place.browser.get("/p/start").text
    assert "Du svarer for Nancy Berggren" in page
    assert "/p/log" not in page
    assert place.browser.get("/p/log").status_code == 403
    assert place.rows("related-person") == ["open-form"]

    place.do.relate.end(house.one.doctor, enrolled.enrolment_id, one.id)
    assert place.browser.get("/p/start").status_code == 403


def test_without_a_link_a_guardian_chooses_between_the_own_and_the_others(house, place):
    enrolled, _ = place.asked(house.one)
    place.asked(house.one, NIELS)
    related(house, place, enrolled)

    page = place.come_back(NIELS).text

    assert "Dine egne spørgsmål fra Lægerne Et" in page
    assert "Spørgsmål til Nancy Berggren fra Lægerne Et" in page
    assert place.choose("2").status_code == 303
    assert "Du svarer for Nancy Berggren" in place.browser.get("/p/start").text
    assert place.come_back(NANCY).headers["Location"] == "/p/start"
    assert "Du svarer for" not in place.browser.get("/p/start").text
