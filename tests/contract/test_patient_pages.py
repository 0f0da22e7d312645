"""No page of the patient's tells of a result before the decision: every page under /p, over real HTTP."""

import html
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests
from flask import request, request_finished, template_rendered

from delivery.parties import PackageOptIn
from delivery.schedule import OccasionState
from flow.enrol import EnrolmentOrder
from questionnaires.model import ItemType
from scoring.levels import Colour
from security.actor import Actor, Role
from security.links import link_token
from tests.contract.clinic.desk import TOKEN
from tests.contract.doors import PATIENCE_S, PERSONS
from tests.contract.results import PACKAGES, severely, severest, told
from tests.way import CONTENT
from web.patient.entry import FIELD, posted_value

TEMPLATES = {f"patient/{path.name}" for path in Path("web/templates/patient").glob("*.html")}
PARTS = {"patient/layout.html", "patient/parts.html", "patient/more.html"}
"""The last one belongs to groups that repeat, which no form of ours has: tests/unit/web_pages/test_every_type.py."""
SQLITE = pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)
"""What a page says does not depend on the database."""
ASKED = {
    words
    for form in CONTENT.questionnaires.all()
    for item in form.by_link_id.values()
    for text in (form.title, form.intro, item.text, *(option.display for option in item.options))
    for words in (text.da, text.en)
    if told(words)
}
"""What questionnaires say themselves in such words ("is it yellow or green?"): to read it tells of no result."""


@dataclass
class Seen:
    """What the server did while the patient looked around."""

    routes: Counter[tuple[str, str]] = field(default_factory=Counter)
    templates: set[str] = field(default_factory=set)
    offered: set[tuple[str, str]] = field(default_factory=set)

    def rendered(self, sender, template, **_):
        self.templates.add(template.name)

    def finished(self, sender, **_):
        if request.path.startswith("/p/"):
            self.routes[str(request.url_rule), request.method] += 1
        rules = [rule for rule in sender.url_map.iter_rules() if rule.rule.startswith("/p/")]
        self.offered = {(rule.rule, method) for rule in rules for method in rule.methods & {"GET", "POST"}}


@contextmanager
def watching():
    seen = Seen()
    with template_rendered.connected_to(seen.rendered), request_finished.connected_to(seen.finished):
        yield seen


WITHOUT_APP = ("/p/", "/p/login/nobody", "/p/login/nobody/callback")


class Browser:
    """A patient's browser that keeps every page in both languages."""

    def __init__(self, house):
        self.address = house.address
        self.session = requests.Session()
        self.pages: list[tuple[str, str]] = []

    def get(self, path):
        page = self._keep(self.session.get(self.address + path, timeout=PATIENCE_S))
        for language in ("en", "da"):
            self._keep(self.session.get(page.url, params={"lang": language}, timeout=PATIENCE_S))
        return page

    def post(self, path, page, **fields):
        """Post as the form on a page would."""
        fields |= {"csrf_token": TOKEN.findall(page.text)[0]}
        return self._keep(self.session.post(self.address + path, data=fields, timeout=PATIENCE_S))

    def _keep(self, answer):
        assert answer.status_code < 500
        self.pages.append((f"{answer.request.method} {answer.url}", html.unescape(answer.text)))
        return answer

    @property
    def telling(self):
        """The pages that tell of a result, with what they tell."""
        found = [(where, told(without_questions(text))) for where, text in self.pages]
        return [(where, words) for where, words in found if words]


def without_questions(text):
    for words in sorted(ASKED, key=len, reverse=True):
        text = text.replace(words, " ")
    return text


@pytest.fixture
def patient(house):
    """Enrol one patient in some packages, and give the link."""

    def invited(packages):
        now = house.services.clock.now()
        with house.services.store.write(house.one.clinic_id, Actor(Role.OPERATOR, "seed", house.one.clinic_id)) as tx:
            tx.clinics.add_opt_in(PackageOptIn("LRS", "lrs", "webpatient", "lps-note", "test", now))
        use_cases = house.services.use_cases
        enrolled = [use_cases.enrol(house.one.system, EnrolmentOrder(*PERSONS[0], package)) for package in packages]
        use_cases.open_due()
        with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
            occasion = tx.occasions.open_of(enrolled[0].patient_ref)
        return enrolled, occasion.id, f"/p/i/{link_token(house.services.keyring.link_key, occasion.id)}"

    return invited


def fill_in(house, browser, link):
    """Walk through the whole form, answer it as badly as can be, and look at every page on the way."""
    form = house.services.use_cases.form
    visit = form.open(link.rpartition("/")[2])
    browser.get(link)
    number = 0
    while following := form.overview(visit).after(number):
        number = following.number
        path = f"/p/q/{number}"
        page = browser.get(path)
        if following.item.type is not ItemType.DISPLAY:
            browser.get(f"{path}?confirm=skip")
            browser.post(path, page, **{FIELD: "", "do": "next"})
            browser.post(path, page, **{FIELD: posted_value(severest(following.item)), "do": "next"})
        else:
            browser.post(path, page)
    assert form.overview(visit).first_open is None
    return browser.get("/p/review")


@SQLITE
@pytest.mark.parametrize("packages", PACKAGES.values(), ids=PACKAGES)
def test_no_page_of_the_patients_tells_of_a_result_before_the_decision(house, patient, packages):
    enrolled, _, link = patient(packages)
    browser = Browser(house)

    with watching() as seen:
        review = fill_in(house, browser, link)
        for path in ("/p/leave", "/p/manner"):
            browser.post(path, browser.get("/p/leave"))
        browser.post("/p/stay", review)
        browser.post("/p/send", review)
        earlier = re.findall(r'"(/p/answers/[^"]+)"', browser.get("/p/answers").text)
        around = ("/p/start", "/p/receipt", "/p/review", "/p/q/1", "/p/log", "/p/log.json", "/was", "/help")
        for path in (*around, *earlier, *WITHOUT_APP, link):
            browser.get(path)
        browser.post("/p/", review, choice="1")

    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        newest = [tx.suggestions.newest(one.enrolment_id) for one in enrolled]
        assert [tx.decisions.newest(one.enrolment_id) for one in enrolled] == [None] * len(enrolled)
    assert {one.alert.colour for one in newest} == {Colour.RED}, "there is something to tell"
    assert browser.telling == []
    assert seen.routes.keys() >= seen.offered, "every page was looked at; a new one belongs into this walk"
    assert seen.templates >= TEMPLATES - PARTS


@SQLITE
def test_what_a_patient_reads_after_the_deadline_tells_of_no_result(house, patient):
    enrolled, occasion_id, link = patient(("KOL", "LRS"))
    browser = Browser(house)
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        first = min(tx.requests.of_occasion(occasion_id), key=lambda one: one.position)
    raw = severely(CONTENT.questionnaires.get(first.questionnaire), first)
    house.services.use_cases.receive(house.one.system, raw, via="form")
    browser.get(link)
    house.travel(days=60)
    # A hundred at a time: other tests left patients of theirs in the same database.
    while house.services.use_cases.expire():
        pass

    closed = [browser.get(path) for path in (link, "/p/start", "/p/q/1", "/p/review", "/p/receipt")]

    # The link says that it is closed; the visit has ended by silence.
    assert [page.status_code for page in closed] == [410, 401, 401, 401, 401]
    with house.services.store.read(house.one.clinic_id, house.one.system) as tx:
        assert tx.occasions.newest_of(enrolled[0].patient_ref).state is OccasionState.EXPIRED
        assert tx.suggestions.newest(enrolled[0].enrolment_id).alert.colour is Colour.RED
    assert browser.telling == []
