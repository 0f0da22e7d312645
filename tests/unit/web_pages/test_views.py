"""What the pages answer at their edges: without a visit, with a stale or forged form, to those who may not."""

import re

import pytest

from kernel.ids import PersonId, new_id
from questionnaires.model import Item, ItemType, Option, Text
from security.actor import Person, Role
from web.pages import render_problem
from web.patient.sheet import layout

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def world_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def client(world):
    return world.app.test_client()


def heading(response):
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    return found.group(1) if found else None


def token_of(client, address):
    found = TOKEN.search(client.get(address).text)
    assert found
    return found.group(1)


@pytest.fixture
def visiting(world, client):
    client.get(f"/p/i/{world.invite().token}")
    return client


def test_a_post_without_a_visit_asks_for_the_link_and_not_for_a_token(client):
    response = client.post("/p/q/1", data={"answer": "true"})

    assert (response.status_code, heading(response)) == (401, "Åbn linket igen")


@pytest.mark.parametrize("data", [{}, {"csrf_token": "forged"}], ids=["no token", "a forged token"])
def test_a_forged_form_changes_nothing(world, visiting, data):
    response = visiting.post("/p/q/1", data={**data, "answer": "true", "do": "next"})

    assert (response.status_code, heading(response)) == (400, "Siden har stået åben for længe")
    assert "Fortsæt, hvor du slap" not in visiting.get("/p/start").text


def test_a_link_begins_a_new_session_and_keeps_the_language(world, visiting):
    visiting.get("/p/start?lang=en")
    other = world.invite("Sverre Mosebryggeren")

    visiting.get(f"/p/i/{other.token}")

    assert heading(visiting.get("/p/start")) == "How are you doing?"


def test_a_language_that_we_do_not_speak_is_danish(visiting):
    assert heading(visiting.get("/p/start?lang=xx")) == "Hvordan går det med dig?"


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_that_is_no_longer_asked_leads_to_the_start(visiting, method):
    token = token_of(visiting, "/p/q/1")
    arguments = {"data": {"csrf_token": token}} if method == "post" else {}

    response = getattr(visiting, method)("/p/q/2", **arguments)

    assert (response.status_code, response.location) == (303, "/p/start")


def test_a_receipt_is_given_only_after_something_was_sent(visiting):
    response = visiting.get("/p/receipt")

    assert (response.status_code, response.location) == (303, "/p/start")


def test_going_back_without_an_answer_goes_back(visiting):
    token = token_of(visiting, "/p/q/3")

    response = visiting.post("/p/q/3", data={"csrf_token": token, "do": "back"})
    from_review = visiting.post("/p/q/3", data={"csrf_token": token, "do": "back", "back": "review"})

    assert (response.location, from_review.location) == ("/p/q/1", "/p/review")


def test_a_value_that_is_no_option_is_refused_on_the_page(visiting):
    token = token_of(visiting, "/p/q/1")

    response = visiting.post("/p/q/1", data={"csrf_token": token, "answer": "maybe", "do": "next"})

    assert response.status_code == 422
    assert "Svaret kan ikke bruges." in response.text


def test_what_a_patient_wrote_is_never_markup(visiting):
    token = token_of(visiting, "/p/q/12")

    response = visiting.post("/p/q/12", data={"csrf_token": token, "answer": '"><script>1</script>', "do": "next"})

    assert response.status_code == 422
    assert "<script>" not in response.text


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(world, client):
    response = client.get(f"/p/i/{world.invite().token}")

    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_are_never_kept_and_assets_always(visiting):
    page = visiting.get("/p/start")
    (asset,) = re.findall(r'href="(/static/pages.css[^"]*)"', page.text)

    assert page.headers["Cache-Control"] == "no-store"
    with visiting.get(asset) as stylesheet:
        assert "max-age=31536000" in stylesheet.headers["Cache-Control"]


@pytest.mark.parametrize(("path", "kind"), [("/p/start", "patient"), ("/clinic/", "clinic")])
def test_an_unknown_fault_tells_a_number_and_nothing_else(world, path, kind):
    with world.app.test_request_context(path):
        response = render_problem(None, "0190-number")

    assert response.status_code == 500
    text = response.get_data(as_text=True)
    assert "0190-number" in text
    assert f'class="{kind}"' in text


def test_a_refusal_that_is_not_ours_to_answer_for_needs_no_number(world, client):
    assert "Nævn dette nummer" not in client.get("/p/nowhere").text


def sign_in(client, person_id):
    return client.post("/clinic/login", data={"csrf_token": token_of(client, "/clinic/login"), "person": person_id})


def test_nobody_unknown_signs_in(client):
    response = sign_in(client, "0192f000-0000-7000-8000-0000000000ff")

    assert (response.status_code, response.location) == (303, "/clinic/login")


def test_an_administrator_signs_in_and_sees_and_decides_nothing(world, client):
    admin = Person(PersonId(new_id()), world.demo.clinic_id, "Adam Bak", Role.CLINIC_ADMIN)
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.write(world.demo.clinic_id, doctor) as tx:
        tx.clinics.add_person(admin)
    invited = world.invite()
    world.answer(invited)
    suggestion = world.services.use_cases.case(doctor, invited.enrolment_id).suggestion

    sign_in(client, admin.id)
    token = token_of(client, "/clinic/login")
    address = f"/clinic/enrolments/{invited.enrolment_id}"
    refused = [
        client.get(address),
        client.post(address, data={"csrf_token": token, "colour": "GREEN", "suggestion": suggestion.id}),
    ]

    assert client.get("/clinic/").location == "/clinic/administration"
    assert [(one.status_code, heading(one)) for one in refused] == [(403, "Det har du ikke adgang til")] * 2
    assert world.services.use_cases.case(doctor, invited.enrolment_id).decisions == ()


def test_a_delegation_to_a_doctor_of_ones_own_invention_is_none(world, client):
    invited = world.invite()
    world.answer(invited)
    doctor = world.staff(Role.CLINICIAN)
    suggestion = world.services.use_cases.case(doctor, invited.enrolment_id).suggestion
    sign_in(client, world.staff(Role.CLINIC_STAFF).id)
    data = {"colour": "GREEN", "suggestion": suggestion.id, "on_behalf_of": "somebody", "level": "²"}

    address = f"/clinic/enrolments/{invited.enrolment_id}"
    response = client.post(address, data={**data, "csrf_token": token_of(client, address)})

    assert response.status_code == 403
    assert "Vælg den læge, du beslutter på vegne af." in response.text


def test_a_choice_of_several_and_long_scales_have_layouts_of_their_own():
    options = tuple(Option("s", str(n), Text(str(n)), n) for n in range(11))
    scale = Item("a", ItemType.CHOICE, Text("?"), low=Text("ingen"), high=Text("værst"), options=options)

    assert layout(scale) == "long-row"
    assert layout(Item("a", ItemType.CHOICE, Text("?"), options=options, repeats=True)) == "checkboxes"
    assert layout(Item("a", ItemType.TEXT, Text("?"))) == "lines"
    assert layout(Item("a", ItemType.STRING, Text("?"))) == "line"
