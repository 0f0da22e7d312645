"""Each answer is saved while the patient still stands on its page, and a pause ends on that page."""

import re

import pytest

from delivery.outbox import MessageKind
from security.actor import Role
from web.visit import IDLE_S, WARNED_S

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def world_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def invited(world):
    return world.invite()


@pytest.fixture
def client(world, invited):
    client = world.app.test_client()
    client.get(f"/p/i/{invited.token}")
    return client


def post(client, address, **data):
    found = TOKEN.search(client.get("/p/q/1").text)
    assert found
    return client.post(address, data={"csrf_token": found.group(1), **data})


def overview(world, invited):
    form = world.services.use_cases.form
    return form.overview(form.open(invited.token))


def test_an_answer_is_kept_without_going_on_and_a_fresh_browser_comes_to_its_page(world, invited, client):
    post(client, "/p/q/1", answer="false", do="next")

    kept = post(client, "/p/q/3", answer="false", do="keep")

    assert (kept.status_code, kept.data) == (204, b"")
    seen = overview(world, invited)
    assert seen.page(3).answers == (False,)
    assert (seen.resume.number, seen.first_open.number) == (3, 5)
    fresh = world.app.test_client()
    fresh.get(f"/p/i/{invited.token}")
    assert 'href="/p/q/3"' in fresh.get("/p/start").text


def test_going_on_ends_the_pause_there(world, invited, client):
    post(client, "/p/q/3", answer="false", do="keep")
    post(client, "/p/q/3", answer="false", do="next")

    seen = overview(world, invited)

    assert seen.resume.number == seen.first_open.number == 1


def test_the_last_question_that_was_stood_on_counts(world, invited, client):
    post(client, "/p/q/3", answer="false", do="keep")
    cat = next(page for page in overview(world, invited).questions if page.form.questionnaire.id == "cat")
    post(client, f"/p/q/{cat.number}", answer="3", do="keep")

    assert overview(world, invited).resume.number == cat.number


@pytest.mark.parametrize(
    ("address", "answer", "status"),
    [("/p/q/12", "mange", 422), ("/p/q/1", "", 422), ("/p/q/2", "true", 409), ("/p/q/99", "true", 409)],
    ids=["no number", "nothing", "a notice that is not shown", "no such page"],
)
def test_what_cannot_be_kept_is_told_by_a_number_and_changes_nothing(world, invited, client, address, answer, status):
    refused = post(client, address, answer=answer, do="keep")

    assert (refused.status_code, refused.data) == (status, b"")
    assert all(page.is_open for page in overview(world, invited).questions)


def test_a_kept_danger_answer_shows_its_notice_on_the_next_page(world, invited, client):
    post(client, "/p/q/1", answer="true", do="keep")

    assert [page.item.link_id for page in overview(world, invited).dangers] == ["kol-status-1-notice"]


def test_a_silent_visit_ends_after_its_time_and_not_before(world, invited, client):
    client.get("/p/q/1")
    world.move_clock(days=(IDLE_S - 5) / 86400)
    assert client.get("/p/q/1").status_code == 200
    world.move_clock(days=(IDLE_S + 5) / 86400)

    ended = client.get("/p/q/1")

    assert ended.status_code == 401
    assert "De svar, du har gemt, er der stadig." in ended.text
    client.get(f"/p/i/{invited.token}")
    assert client.get("/p/q/1").status_code == 200


def test_who_stays_is_let_stay(world, client):
    for _ in range(3):
        world.move_clock(days=(IDLE_S - 60) / 86400)
        assert post(client, "/p/stay").status_code == 204

    assert client.get("/p/q/1").status_code == 200


def test_who_was_never_let_in_cannot_stay(world):
    assert world.app.test_client().post("/p/stay").status_code == 401


def test_the_page_says_when_it_closes_and_warns_two_minutes_before_at_least(client):
    page = client.get("/p/q/1").text

    assert WARNED_S >= 120
    assert f'data-idle="{IDLE_S}" data-warned="{WARNED_S}"' in page
    assert "Er siden stille i over 30 minutter, skal du åbne linket igen." in client.get("/p/start").text


def test_the_wish_to_be_contacted_is_no_answer_is_never_ticked_beforehand_and_can_be_taken_back(world, invited, client):
    assert "Jeg ønsker at blive kontaktet" in client.get("/p/review").text
    assert "checked" not in client.get("/p/review").text

    post(client, "/p/send", contact="yes")
    wished = overview(world, invited).occasion.contact_wished_at
    post(client, "/p/send", contact="yes")
    still = overview(world, invited).occasion.contact_wished_at
    shown = client.get("/p/review").text
    post(client, "/p/send")

    assert wished is not None
    assert still == wished
    assert "checked" in shown
    assert overview(world, invited).occasion.contact_wished_at is None


@pytest.mark.parametrize(("all_answered", "told"), [(False, 1), (True, 0)], ids=["not answered", "all answered"])
def test_a_wish_that_no_answer_brings_to_the_inbox_goes_there_alone_and_once(
    world, invited, client, all_answered, told
):
    form, doctor = world.services.use_cases.form, world.staff(Role.CLINICIAN)
    if all_answered:
        world.fill(form.open(invited.token))

    found = TOKEN.search(client.get("/p/q/1").text)
    assert found

    for _ in range(2):
        client.post("/p/send", data={"csrf_token": found.group(1), "contact": "yes"})

    with world.services.store.read(world.demo.clinic_id, doctor) as tx:
        kinds = [one.kind for one in tx.outbox.of_enrolment(invited.enrolment_id)]
    assert kinds.count(MessageKind.INBOX_WISH) == told


def test_the_clinic_sees_the_wish_until_somebody_decides(world, invited):
    form, doctor = world.services.use_cases.form, world.staff(Role.CLINICIAN)
    visit = form.open(invited.token)
    form.wish_contact(visit, wished=True)
    world.fill(visit)
    form.send(visit)
    clinic = world.app.test_client()
    token = TOKEN.search(clinic.get("/clinic/login").text)
    assert token
    clinic.post("/clinic/login", data={"csrf_token": token.group(1), "person": doctor.id})
    address = f"/clinic/enrolments/{invited.enrolment_id}"

    before = [clinic.get(page).text for page in ("/clinic/", address)]
    world.decide(invited, "GREEN")
    after = [clinic.get(page).text for page in ("/clinic/", address)]

    assert ["Ønsker at blive kontaktet" in before[0], "Patienten ønsker at blive kontaktet (" in before[1]] == [
        True
    ] * 2
    assert [one for one in after if "ønsker at blive kontaktet" in one.lower()] == []
