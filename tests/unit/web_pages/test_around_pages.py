"""The pages around the form: when it is read, not answering, what comes afterwards, and the way back to the app."""

import re

import pytest

from cli.seed import system_of
from flow.status import StatusDelivery, StatusEntry
from security.actor import Role
from tests.browser.world import TEST_PERSONS

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def world_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def client(world):
    return world.app.test_client()


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def post(client, address, page=None, **fields):
    found = TOKEN.search(client.get(page or address).text)
    assert found
    return client.post(address, data={"csrf_token": found.group(1), **fields}, follow_redirects=True)


@pytest.fixture
def invited(world):
    return world.invite()


@pytest.fixture
def visiting(client, invited):
    client.get(f"/p/i/{invited.token}")
    return client


def test_the_start_says_when_answers_are_read_and_what_becomes_of_unsent_ones(visiting):
    danish, english = words(visiting.get("/p/start")), words(visiting.get("/p/start?lang=en"))

    assert re.search(r"Klinikken ser det senest \w+dag den \d+\. \w+ kl\. \d+\.", danish)
    assert "får klinikken besked efter 30 minutter" in danish
    assert re.search(r"The clinic sees it by \w+day \d+ \w+ at \d+:00\.", english)
    assert "the clinic is told after 30 minutes" in english


def test_a_danger_notice_says_when_it_is_read_whom_to_call_and_what_happens_unsent(visiting):
    notice = words(post(visiting, "/p/q/1", answer="true", do="next"))

    assert "Klinikken ser det senest" in notice
    assert "Send det nu" in notice
    assert "Sender du ikke, får klinikken besked om svaret efter 30 minutter." in notice


@pytest.mark.parametrize(
    ("choice", "title"),
    [
        ("once", "Du har sagt nej tak denne gang"),
        ("pause-4", "Du holder pause"),
        ("stop", "Du får ikke flere spørgsmål"),
    ],
)
def test_who_does_not_answer_says_how_and_reads_what_holds_now(visiting, invited, choice, title):
    left = post(visiting, "/p/leave", choice=choice)
    again = visiting.get(f"/p/i/{invited.token}")

    assert (left.status_code, again.status_code) == (410, 410)
    assert title in words(left)
    assert title in words(again)


@pytest.mark.parametrize("choice", ["", "pause-x", "pause-²", "never"])
def test_a_choice_that_there_is_not_is_said_on_the_page(visiting, choice):
    refused = post(visiting, "/p/leave", choice=choice)

    assert refused.status_code == 422
    assert "Vælg en af mulighederne" in words(refused)
    assert visiting.get("/p/start").status_code == 200


def test_a_pause_that_is_not_offered_is_refused(visiting):
    assert post(visiting, "/p/leave", choice="pause-3").status_code == 422


def test_the_page_asks_for_a_visit_and_for_our_token(client, visiting):
    assert visiting.post("/p/leave", data={"choice": "stop"}).status_code == 400
    assert visiting.application.test_client().post("/p/leave", data={"choice": "stop"}).status_code == 401


def test_who_moved_to_another_clinic_reads_so(world, visiting, invited):
    entry = StatusEntry(0, TEST_PERSONS["Nancy Berggren"], "moved", value=True, since=None)
    world.services.use_cases.record_status(system_of(world.demo), StatusDelivery("cpr", (entry,)))

    assert "Du går et andet sted nu" in words(visiting.get(f"/p/i/{invited.token}"))


def test_the_receipt_says_what_happens_next_and_leads_to_the_earlier_answers(world, visiting, invited):
    world.answer(invited)

    receipt = words(visiting.get("/p/receipt"))
    answers = visiting.get("/p/answers")
    (first, *_) = re.findall(r'"(/p/answers/[^"]+)"', answers.text)

    assert re.search(r"Klinikken ser det senest .* kl\. \d+", receipt)
    assert "nye spørgsmål" in receipt or "næste gang der er spørgsmål" in receipt
    assert "Klinikken har ikke skrevet noget til dig her." in words(answers)
    assert visiting.get(first).status_code == 200


def test_what_the_clinic_releases_is_read_in_gentle_words(world, visiting, invited):
    world.answer(invited)
    world.decide(invited, "GREEN")
    desk = world.app.test_client()
    sign_in(world, desk)
    case = f"/clinic/enrolments/{invited.enrolment_id}"
    decision = re.findall(r'name="decision" value="([^"]+)"', desk.get(case).text)

    released = post(desk, f"{case}/release", case, decision=decision[0])

    assert "Patienten kan læse om vurderingen" in words(released)
    assert "Alt ser ud som ventet" in words(visiting.get("/p/answers"))


def sign_in(world, desk, role=Role.CLINICIAN):
    page = desk.get("/clinic/login").text
    (token,) = TOKEN.findall(page)[:1]
    desk.post("/clinic/login", data={"csrf_token": token, "person": world.staff(role).id})


def test_the_clinic_sees_an_unsent_danger_answer_on_every_page_until_somebody_has_acted(world, visiting, invited):
    post(visiting, "/p/q/1", answer="true", do="next")
    world.move_clock(days=1 / 24)
    world.services.use_cases.around.unsent()
    desk = world.app.test_client()
    sign_in(world, desk, Role.CLINIC_STAFF)

    banner, page = words(desk.get("/clinic/")), desk.get("/clinic/attention")
    assert "1 alvorligt svar er ikke sendt" in banner
    assert "Nancy Berggren" in words(page)
    assert "Ikke sendt" in words(page)
    (unsent,) = re.findall(r'name="unsent" value="([^"]+)"', page.text)
    handled = post(desk, "/clinic/attention", unsent=unsent)

    assert "Det er noteret" in words(handled)
    assert "ikke sendt" not in words(desk.get("/clinic/"))
    assert post(desk, "/clinic/attention", unsent=unsent).status_code == 409


def test_the_clinic_s_page_says_that_the_patient_pauses(world, visiting, invited):
    post(visiting, "/p/leave", choice="pause-4")
    desk = world.app.test_client()
    sign_in(world, desk)

    assert "Patienten holder pause og bliver spurgt igen fra" in words(
        desk.get(f"/clinic/enrolments/{invited.enrolment_id}")
    )


@pytest.mark.parametrize(("path", "title"), [("/was", "Tilgængelighedserklæring"), ("/help", "Hjælp til skemaet")])
def test_everybody_reads_the_statement_and_the_help_and_every_page_leads_there(client, visiting, path, title):
    assert title in words(visiting.application.test_client().get(path))
    assert f'href="{path}"' in visiting.get("/p/start").text


def test_every_page_has_the_clinic_at_its_top_and_its_number_help_and_112_at_its_foot(world, visiting, invited):
    name, phone = "Lægerne på Prøvetorvet", "tel:00000000"
    begun = ["/p/start", "/p/q/1", "/p/q/1?confirm=skip", "/p/review", "/p/leave", "/p/answers", "/p/log"]
    pages = {address: visiting.get(address).text for address in begun}
    world.answer(invited)
    pages["/p/receipt"] = visiting.get("/p/receipt").text

    for address, page in pages.items():
        top, _, rest = page.partition('<main id="main"')
        foot = rest.partition("</main>")[2]
        assert name in top, address
        assert [one for one in (phone, "tel:112", 'href="/help"', 'href="/was"') if one not in foot] == [], address
