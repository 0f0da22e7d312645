"""A day in the clinic: six patients, one doctor, one nurse, against the real processes; every report arrives."""

import os

from playwright.sync_api import expect

from app import create_app, services_of
from cli.prepare import environment_of
from delivery.backlog import Wanted
from delivery.outbox import MessageKind
from flow.enrol import EnrolmentOrder
from flow.order import When
from kernel.settings import Settings
from questionnaires.model import Coded
from security.actor import Actor, Role
from security.links import link_token
from tests.browser.walk import answer_the_rest, press, sign_in
from tests.browser.world import Invited, World
from tests.installation import installed
from tests.released import RELEASED

PEOPLE = {
    "Nancy Berggren": ("2512489996", ("KOL",)),
    "Sverre Mosebryggeren": ("0104909995", ("LRS",)),
    "Niels Vendelboe": ("3001749995", ("KOL", "LRS")),
    "Else Lauridsen": ("0201919990", ("KOL",)),
    "Anna Schwendlund": ("0108589995", ("KOL",)),
}
SILENT = ("0201609995", "Einer Lauridsen")
DOCTOR = "Lise Holm, læge"
SEVERE = Coded("https://svarbro.example/fhir/CodeSystem/nrs-pain", "8")
HALF_A_YEAR, A_MONTH = 170, 35
LONGEST_NOTE = 600


class Practice:
    """The clinic's half year before that day, and the patients' answers of that day."""

    def __init__(self, here, directory, database_url):
        self.story = here.story
        environ = {**environment_of(directory, here.addresses), "SVARBRO_DATABASE_URL": database_url}
        app = create_app(Settings.from_env({**os.environ, **environ}), RELEASED)
        self.world = World(app, services_of(app), here.story.people)
        self.do = self.world.services.use_cases
        self.doctor = self.world.staff(Role.CLINICIAN)
        self.enrolments = {}

    def enrol(self, name, identifier, package):
        enrolled = self.do.enrol(self.world.staff(Role.CLINICIAN), EnrolmentOrder(identifier, name, package))
        self.enrolments[name, package] = enrolled.enrolment_id
        self.do.open_due()

    def token(self, name, package):
        """Return the link of what the patient can answer now; where nothing is asked, the clinic asks."""
        enrolment_id = self.enrolments[name, package]
        store, clinic_id = self.world.services.store, self.world.demo.clinic_id
        with store.read(clinic_id, self.doctor) as tx:
            occasion = tx.occasions.open_of(tx.enrolments.get(enrolment_id).patient_ref)
        occasion_id = occasion.id if occasion else self.do.order(self.doctor, enrolment_id, When.SEND_NOW).occasion_id
        assert occasion_id
        return link_token(self.world.services.keyring.link_key, occasion_id)

    def answer(self, name, package, **worse):
        visit = self.do.form.open(self.token(name, package))
        self.world.fill(visit, **worse)
        self.do.form.send(visit)

    def suggested(self, name, package):
        with self.world.services.store.read(self.world.demo.clinic_id, self.doctor) as tx:
            return tx.suggestions.newest(self.enrolments[name, package])

    def decided(self, name, package):
        case = self.do.case(self.doctor, self.enrolments[name, package])
        return [(one.colour.value, one.author_name) for one in reversed(case.decisions)]

    def half_a_year_before(self):
        """Everybody answers for the first time and is green; one is enrolled later and stays silent."""
        for name, (identifier, packages) in PEOPLE.items():
            for package in packages:
                self.enrol(name, identifier, package)
                self.answer(name, package)
                self.world.decide(Invited(self.enrolments[name, package], ""), "GREEN")
        self.story.travel(HALF_A_YEAR)
        self.enrol(SILENT[1], SILENT[0], "KOL")
        self.story.travel(A_MONTH)
        self.do.expire()


def choose(page, group, words):
    page.get_by_role("group", name=group).get_by_label(words).check()


def open_case(page, name):
    page.goto("/clinic/")
    page.get_by_role("row").filter(has_text=name).get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()


def decide(page, colour, reason=""):
    choose(page, "Farve", colour)
    if reason:
        page.get_by_label("Begrundelse").fill(reason)
    press(page, "Gem beslutningen")
    expect(page.get_by_role("status")).to_contain_text("Beslutningen er gemt")


def test_a_day_in_the_clinic(browser, tmp_path, sqlite_url):
    with installed(tmp_path, sqlite_url, "day") as here:
        practice = Practice(here, tmp_path, sqlite_url)
        practice.half_a_year_before()
        practice.answer("Nancy Berggren", "KOL", kol_status_4=True, kol_status_5=True)
        practice.answer("Sverre Mosebryggeren", "LRS", nrs_pain=SEVERE)
        for name, package in (("Niels Vendelboe", "KOL"), ("Niels Vendelboe", "LRS"), ("Anna Schwendlund", "KOL")):
            practice.answer(name, package)
        context = browser.new_context(base_url=here.addresses.web, viewport={"width": 1280, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        sign_in(page)

        the_red_comes_first(page)
        the_worse_back(page)
        two_packages_in_one_row_and_another_colour(page)
        nobody_answered(page)
        by_telephone(page, practice)
        three_greens_at_once(page)

        assert practice.decided("Nancy Berggren", "KOL") == [("GREEN", DOCTOR), ("RED", DOCTOR)]
        assert practice.decided("Sverre Mosebryggeren", "LRS") == [("GREEN", DOCTOR), ("YELLOW", DOCTOR)]
        assert practice.decided("Niels Vendelboe", "LRS") == [("GREEN", DOCTOR), ("YELLOW", DOCTOR)]
        for name in ("Niels Vendelboe", "Else Lauridsen", "Anna Schwendlund"):
            assert practice.decided(name, "KOL") == [("GREEN", DOCTOR)] * 2
        every_report_arrived(practice)
        context.close()


def the_red_comes_first(page):
    """From the worklist to handled, with the note and the sheet for the record."""
    expect(page.get_by_role("row").nth(1)).to_contain_text("Nancy Berggren")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Rød")
    open_case(page, "Nancy Berggren")
    choose(page, "Differentieringsniveau", "3")
    decide(page, "Rød")
    page.get_by_role("button", name="Kopiér teksten").click()
    page.get_by_text("Teksten er kopieret.").wait_for()
    note = page.evaluate("navigator.clipboard.readText()")
    assert note.startswith("KOL-forløb: svar vurderet ")
    assert len(note) <= LONGEST_NOTE
    assert PEOPLE["Nancy Berggren"][0] not in note
    sheet = page.request.get(page.get_by_role("link", name="Resultat og udvikling som PDF").get_attribute("href"))
    assert sheet.body().startswith(b"%PDF")


def the_worse_back(page):
    """The pain has grown since the answer before."""
    open_case(page, "Sverre Mosebryggeren")
    expect(page.get_by_role("main")).to_contain_text("Smerten er steget mindst 3 point")
    decide(page, "Gul")


def two_packages_in_one_row_and_another_colour(page):
    """One row for the patient; the doctor knows more than the answers."""
    page.goto("/clinic/")
    row = page.get_by_role("row").filter(has_text="Niels Vendelboe")
    expect(row).to_contain_text("KOL")
    row.get_by_role("link", name="LRS", exact=True).click()
    page.wait_for_load_state()
    choose(page, "Farve", "Gul")
    press(page, "Gem beslutningen")
    expect(page.get_by_role("alert")).to_be_visible()
    decide(page, "Gul", "Skal til ny undersøgelse.")


def nobody_answered(page):
    """Who let the deadline pass stands in a tab, and in the population."""
    page.goto("/clinic/?tab=unanswered")
    expect(page.get_by_role("row").filter(has_text=SILENT[1])).to_have_count(1)
    page.goto("/clinic/population?standing=unanswered")
    expect(page.get_by_role("row").filter(has_text=SILENT[1])).to_have_count(1)


def by_telephone(page, practice):
    """The patient has no telephone that shows pages, and answers by voice."""
    page.goto(f"/clinic/enrolments/{practice.enrolments['Else Lauridsen', 'KOL']}")
    press(page, "Udfyld nu")
    page.locator("#mode").select_option("PHONE")
    page.locator("#answerer").select_option("Patient")
    press(page, "Gem")
    page.get_by_role("link", name="Begynd").click()
    page.wait_for_load_state()
    answer_the_rest(page)
    press(page, "Send mine svar")
    page.goto(f"/clinic/enrolments/{practice.enrolments['Else Lauridsen', 'KOL']}")
    expect(page.get_by_role("main")).to_contain_text("I telefonen")


def three_greens_at_once(page):
    """Nothing has changed for three patients: one action, three decisions by name."""
    page.goto("/clinic/")
    for name in ("Niels Vendelboe", "Else Lauridsen", "Anna Schwendlund"):
        page.get_by_role("checkbox", name=f"Vælg {name}").check()
    press(page, "Bekræft uændrede grønne")
    expect(page.get_by_role("status").first).to_contain_text("Bekræftet uændret: 3")


def every_report_arrived(practice):
    """Plan, record and inbox of the simulator hold what was decided, and nothing waits any more."""
    story, operator = practice.story, Actor(Role.OPERATOR, "test", practice.world.demo.clinic_id)
    reports = {kind.value for kind in MessageKind if kind.is_report}

    def is_done():
        return not [one for one in practice.do.operate.listed(operator, Wanted()) if one.kind.value in reports]

    story.wait("every report", is_done)
    notes = story.call("GET", f"{story.simulator}/api/lps/notes").text
    for (name, package), enrolment_id in practice.enrolments.items():
        decisions = practice.do.case(practice.doctor, enrolment_id).decisions
        held = notes if package == "LRS" else story.call("GET", f"{story.simulator}/api/plan/{enrolment_id}").text
        assert decisions or name == SILENT[1]
        assert all(one.id in held for one in decisions[:1]), (name, package)
        assert name == SILENT[1] or story.inbox(name, "decision"), name
    assert story.inbox(SILENT[1], "not-answered")
