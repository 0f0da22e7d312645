"""Whatever people and systems write, no page runs it: escaping and the policy are two walls, each proven alone."""

import re
from html import escape
from urllib.parse import quote

import pytest

from cli.seed import system_of
from flow.decide import ActionOrder, DecisionOrder
from flow.enrol import EnrolmentOrder
from questionnaires.model import Text
from security.actor import Role
from security.links import link_token
from tests.browser.scripts import CORPUS, FOREIGN, PAYLOADS, ROOT, SHOWN, watched
from tests.browser.walk import press, sign_in
from tests.browser.world import TEST_PERSONS, Invited
from tests.contract.doors import mmrc
from web.headers import PAGE_POLICY

NOWHERE = "http://svarbro.example/"
QUOTED = quote(CORPUS)
CPR = "urn:oid:1.2.208.176.1.2"
UNSAFE = '<!doctype html><meta charset="utf-8"><p>{0}</p><input value="{0}"><a title=\'{0}\'>x</a>'
"""What a page would look like that escapes nothing."""
FRAMES = "".join(
    f'<iframe name="{n}" srcdoc="{escape(UNSAFE.format(one))}"></iframe>' for n, one in enumerate(PAYLOADS)
)
"""Each payload on such a page of its own, which is under the policy of the page around them."""


def marked(field):
    """The whole corpus, with the name of the field that it is written into."""
    return f"[{field}] {CORPUS}"


class Looked:
    """Looks at pages, and remembers what of the corpus was shown where."""

    def __init__(self, window, fields):
        self.window, self.page, self.given = window, window.page, 0
        self.unseen = {marked(field) for field in fields}

    def short(self):
        """Give another payload that fits into a short field, and expect to see it from now on."""
        payload = PAYLOADS[self.given]
        self.given += 1
        self.unseen.add(payload)
        return payload

    def at(self, address=None):
        """Open an address, or stay, and look."""
        if address:
            self.page.goto(address)
        self.window.settle()
        assert self.window.hits == [], self.page.url
        assert self.page.evaluate(FOREIGN) == [], self.page.url
        self.unseen -= set(self.page.evaluate(SHOWN, sorted(self.unseen)))


@pytest.fixture
def window(browser, address):
    """A window that keeps no policy: what is written must be harmless by how it is written."""
    window = watched(browser, address, without_policy=True)
    yield window
    window.page.context.close()


def write(world, statement, *values):
    """Write past the doors: what stands in a row is shown, however it came there."""
    with world.services.store.queue() as queue:
        assert queue.connection.exec_driver_sql(statement, values).rowcount


def enrolled(world, name, package):
    """Enrol a test person under a name that is the corpus."""
    demo, services = world.demo, world.services
    order = EnrolmentOrder(TEST_PERSONS[name], marked("patient"), package)
    found = services.use_cases.enrol(system_of(demo), order)
    services.use_cases.open_due()
    with services.store.read(demo.clinic_id, system_of(demo)) as tx:
        occasion = tx.occasions.open_of(found.patient_ref)
    assert occasion is not None
    return Invited(found.enrolment_id, link_token(services.keyring.link_key, occasion.id))


def show(window, headers):
    """Show all payloads to a browser, unescaped."""
    page = {"status": 200, "content_type": "text/html", "headers": headers, "body": FRAMES}
    window.page.route("**/*", lambda route: route.fulfill(**page) if route.request.url == NOWHERE else route.abort())
    window.page.goto(NOWHERE)
    window.settle()


def answer_badly(look):
    """Answer a question; what can be written is first written with the whole corpus, and shown again as a fault."""
    page = look.page
    field = page.locator("input#answer[type=text], textarea#answer")
    if page.get_by_role("radio").count():
        page.get_by_role("radio").first.check()
    elif field.count():
        kind = "number" if page.locator("input.number").count() else "line"
        field.fill(marked(kind))
        press(page, "Næste")
        look.at()
        field.fill("3" if kind == "number" else look.short())
    with page.expect_navigation():
        page.locator("button[value=next], main form button:visible").first.click()


def post(look, fields, button):
    """Fill the first field of each name with the corpus, send, and look at what is shown again."""
    for name, field in fields.items():
        look.page.locator(f"[name={name}]").first.evaluate("(one, words) => { one.value = words }", marked(field))
    look.page.locator(button).first.click()
    look.page.wait_for_load_state()
    look.at()


def decide(world, invited):
    """Let the doctor decide in words that are the corpus."""
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.read(world.demo.clinic_id, doctor) as tx:
        newest = tx.suggestions.newest(invited.enrolment_id)
    assert newest is not None
    actions = (ActionOrder("spirometry", None, marked("action")),)
    order = DecisionOrder(invited.enrolment_id, newest.id, "GREEN", reason=marked("decided"), actions=actions)
    world.services.use_cases.decide(doctor, order)


def test_the_corpus_is_large_and_runs_where_nothing_protects(browser):
    window = watched(browser, NOWHERE, without_policy=True)

    show(window, {})

    assert len(set(PAYLOADS)) >= 60
    assert len(set(window.hits)) >= 40
    window.page.context.close()


def test_the_policy_alone_lets_nothing_run(browser):
    window = watched(browser, NOWHERE, without_policy=False)

    show(window, {"Content-Security-Policy": PAGE_POLICY})

    assert window.page.locator("iframe").count() == len(PAYLOADS)
    assert window.hits == []
    window.page.context.close()


def test_no_page_of_the_patient_runs_what_was_written(world, window, monkeypatch):
    write(world, "UPDATE clinic SET name = ?, phone = ?", marked("clinic"), marked("phone"))
    write(world, "UPDATE clinic_package SET programme = 'lrs-free' WHERE package = 'LRS'")
    invited = enrolled(world, "Else Lauridsen", "LRS")
    look = Looked(window, {"clinic", "phone", "content", "number", "line"})
    look.at(f"/p/i/{invited.token}")
    monkeypatch.setattr(Text, "in_language", lambda _text, _language: marked("content"))
    look.at("/p/start")
    for address in ("/p/log", "/p/nowhere", "/p/i/wrong", f"/p/start?lang={QUOTED}", f"/p/q/1?back={QUOTED}"):
        look.at(address)
    for number in range(1, 40):
        look.at(f"/p/q/{number}")
        if "/p/q/" not in look.page.url:
            break
        answer_badly(look)
    look.at("/p/review")
    look.at(f"/p/i/{enrolled(world, 'Nancy Berggren', 'KOL').token}")
    look.at("/p/q/12")
    answer_badly(look)

    assert look.given == 5
    assert look.unseen == set()


def test_no_page_of_the_clinic_runs_what_was_written(world, window, monkeypatch):
    first, second = enrolled(world, "Nancy Berggren", "KOL"), enrolled(world, "Sverre Mosebryggeren", "KOL")
    world.answer(first, kol_status_1=True)
    world.put_aside(mmrc(None, subject={"identifier": {"system": CPR, "value": TEST_PERSONS["Sverre Mosebryggeren"]}}))
    world.bring_candidates()
    sign_in(window.page, "Nete Bruun")
    write(world, "UPDATE person SET name = ?", marked("person"))
    monkeypatch.setattr(Text, "in_language", lambda _text, _language: marked("content"))
    look = Looked(
        window, {"patient", "person", "content", "reason", "note", "decided", "action", "discarded", "excluded"}
    )
    for address in ("", "calls", "attention", "nowhere", "enrolments/x", "login", f"enrolments/{second.enrolment_id}"):
        look.at(f"/clinic/{address}")
    look.at("/clinic/unmatched")
    post(look, {"reason": "discarded"}, "form:has(textarea) button")
    look.at("/clinic/candidates")
    post(look, {"reason": "excluded"}, "button[value=exclude]")
    look.at(f"/clinic/enrolments/{first.enrolment_id}")
    post(look, {"reason": "reason", "note": "note"}, "form:has(#colour) button:not([value])")
    decide(world, first)
    look.at(f"/clinic/enrolments/{first.enrolment_id}")

    assert look.unseen == set()


def test_no_template_switches_escaping_off():
    templates = [*(ROOT / "web/templates").rglob("*.html"), *(ROOT / "delivery/simulator/templates").rglob("*.html")]

    assert len(templates) > 25
    assert [file.name for file in templates if re.search(r"\|\s*safe\b|autoescape", file.read_text("utf-8"))] == []
