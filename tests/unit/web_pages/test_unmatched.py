"""The page of answers that fit no request: seen without what was answered, sorted by a person, refused in words."""

import re

import pytest

from delivery.unmatched import UnmatchedState
from flow.unmatched import PossibleRequest, TrayEntry
from kernel.ids import PersonId, new_id
from questionnaires.model import Text
from security.actor import Person, Role
from security.cpr import Identifier
from store.repositories.unmatched import MOST_REQUESTS
from tests.browser.world import SUBJECT_OF_NOBODY
from tests.contract.doors import CANONICAL, add_clinic, cat, mmrc

PAGE = "/clinic/unmatched"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
MMRC = CANONICAL.format("mmrc")


@pytest.fixture
def client(world):
    """A browser in which the nurse is signed in."""
    client = world.app.test_client()
    sign_in(client, world.staff(Role.CLINIC_STAFF).id)
    return client


@pytest.fixture
def waiting(world):
    """An answer to mMRC in the tray, and two patients who were asked it."""
    world.invite("Nancy Berggren")
    world.invite("Sverre Mosebryggeren")
    return world.put_aside()


def sign_in(client, person_id):
    client.post("/clinic/login", data={"csrf_token": token_of(client, "/clinic/login"), "person": person_id})


def token_of(client, address):
    found = TOKEN.search(client.get(address).text)
    assert found
    return found.group(1)


def send(client, unmatched_id, **fields):
    data = {"csrf_token": token_of(client, "/clinic/login"), "unmatched": unmatched_id, **fields}
    return client.post(PAGE, data=data)


def request_of(world, name):
    (entry,) = world.services.use_cases.unmatched.listed(world.staff(Role.CLINICIAN))
    return next(one for one in entry.possible if one.name == name)


def look(world):
    return world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN))


def test_the_page_says_when_and_where_from_and_who_may_have_answered(world, client, waiting):
    page = client.get(PAGE)

    assert page.status_code == 200
    assert "Åndenød (MRC)</h2>" in page.text
    assert re.search(r"Modtaget \d+\. \w+ \d{4} kl\. \d\d\.\d\d fra WebPatient", page.text)
    assert re.findall(r"<strong>(.*?)</strong> <span class=\"quiet\">(.*?)</span><br>Spurgt \d+\.", page.text) == [
        ("Sverre Mosebryggeren", "010490-xxxx"),
        ("Nancy Berggren", "251248-xxxx"),
    ]


def test_nothing_of_the_answer_is_on_the_page(world, client):
    world.invite()
    world.put_aside(mmrc("nobody's", 4, language="da-SECRET", subject=SUBJECT_OF_NOBODY))
    question = world.services.content.questionnaires.get(MMRC).items[0]

    page = client.get(PAGE).text

    assert "da-SECRET" not in page
    assert "3001749995" not in page
    assert [option.display.da for option in question.options if option.display.da in page] == []


def test_an_assigned_answer_is_filed_and_leaves_the_page(world, client, waiting):
    chosen = request_of(world, "Nancy Berggren")

    response = send(client, waiting, request=chosen.request_id)

    assert (response.status_code, response.location) == (303, f"{PAGE}?sorted=assigned")
    with look(world) as tx:
        filed = tx.responses.of_request(chosen.request_id)
        assert (filed.patient_ref, filed.via) == (chosen.patient_ref, "webpatient")
        assert tx.unmatched.get(waiting).closed_by == world.staff(Role.CLINIC_STAFF).id
    after = client.get(response.location).text
    assert "Svaret er lagt ind hos patienten." in after
    assert "Her er tomt." in after


def test_a_discarded_answer_leaves_its_reason_and_a_trace(world, client, waiting):
    response = send(client, waiting, reason="Ikke vores patient", do="discard")

    assert (response.status_code, response.location) == (303, f"{PAGE}?sorted=discarded")
    with look(world) as tx:
        assert tx.unmatched.reason(waiting) == "Ikke vores patient"
        (event,) = [event for event in tx.audit.events() if event.action == "discard"]
    assert event.entity == f"Unmatched/{waiting}"
    assert "Svaret er lagt væk" in client.get(response.location).text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        pytest.param("  ", "Skriv en begrundelse, før du lægger svaret væk.", id="blank"),
        pytest.param("æ" * 2001, "Begrundelsen er for lang. Skriv højst 2000 tegn.", id="one character too many"),
    ],
)
def test_a_reason_that_cannot_be_used_is_said_so_beside_the_field(world, client, waiting, reason, words):
    response = send(client, waiting, reason=reason)

    assert response.status_code == 422
    assert f'<a href="#reason-{waiting}">{words}</a>' in response.text
    assert f'id="reason-fault-{waiting}"' in response.text
    assert f">{reason}</textarea>" in response.text
    with look(world) as tx:
        assert tx.unmatched.get(waiting).state is UnmatchedState.WAITING


def test_a_reason_of_the_greatest_length_is_kept(world, client, waiting):
    assert send(client, waiting, reason="æ" * 2000).status_code == 303


def test_what_was_entered_is_never_markup(client, waiting):
    response = send(client, waiting, reason="</textarea><script>" + "1" * 2000)

    assert response.status_code == 422
    assert "<script" not in response.text


def test_what_a_colleague_sorted_meanwhile_is_said_and_what_was_written_is_kept(world, client, waiting):
    world.services.use_cases.unmatched.discard(world.staff(Role.CLINICIAN), waiting, "Dublet")

    response = send(client, waiting, reason="Kender ikke patienten")

    assert response.status_code == 409
    assert "En anden har taget sig af svaret imens." in response.text
    assert "Du skrev: Kender ikke patienten" in response.text
    with look(world) as tx:
        assert tx.unmatched.reason(waiting) == "Dublet"


def test_an_answer_is_not_assigned_twice(world, client, waiting):
    first, second = request_of(world, "Nancy Berggren"), request_of(world, "Sverre Mosebryggeren")
    send(client, waiting, request=first.request_id)

    response = send(client, waiting, request=second.request_id)

    assert response.status_code == 409
    assert "En anden har taget sig af svaret imens." in response.text
    with look(world) as tx:
        assert tx.responses.of_request(second.request_id) is None


def test_a_request_that_was_answered_meanwhile_is_refused_and_the_answer_still_waits(world, client):
    invited = world.invite()
    waiting = world.put_aside()
    chosen = request_of(world, "Nancy Berggren")
    world.answer(invited)

    response = send(client, waiting, request=chosen.request_id)

    assert response.status_code == 409
    assert f'<a href="#answer-{waiting}">Patienten har allerede svaret på dette skema.' in response.text
    assert "Ingen patienter mangler at svare" in response.text


def test_a_request_whose_time_is_over_is_refused(world, client, waiting):
    chosen = request_of(world, "Nancy Berggren")
    world.move_clock(days=60)
    sign_in(client, world.staff(Role.CLINIC_STAFF).id)

    response = send(client, waiting, request=chosen.request_id)

    assert response.status_code == 409
    assert "Fristen er gået, så svaret kan ikke lægges ind der." in response.text


def test_an_answer_that_names_one_patient_is_not_assigned_to_another(world, client, waiting):
    with world.services.store.write(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        tx.patients.add(Identifier("cpr", "3001749995"), "Niels Vendelboe")
    chosen = request_of(world, "Nancy Berggren")

    response = send(client, waiting, request=chosen.request_id)

    assert response.status_code == 422
    assert "Svaret nævner selv en anden af jeres patienter." in response.text
    assert f'id="answer-fault-{waiting}"' in response.text


def test_an_unknown_request_is_refused_in_general_words(client, waiting):
    response = send(client, waiting, request="nothing")

    assert response.status_code == 422
    assert "Svaret kan ikke lægges ind der." in response.text


def test_another_clinics_tray_is_neither_seen_nor_sorted(world, client):
    other = add_clinic(world.services, "Klinik Skoven")
    foreign = world.put_aside(clinic_id=other.clinic_id)

    assert "Her er tomt." in client.get(PAGE).text
    assert "mangler at blive lagt ind" not in client.get("/clinic/").text
    assert send(client, foreign, reason="Ikke vores").status_code == 404
    assert send(client, foreign, request="nothing").status_code == 404
    with world.services.store.read(other.clinic_id, other.doctor) as tx:
        assert tx.unmatched.get(foreign).state is UnmatchedState.WAITING


def test_the_worklist_counts_what_waits_only_when_something_does(world, client):
    assert PAGE not in client.get("/clinic/").text

    world.put_aside()
    one = client.get("/clinic/").text
    world.put_aside(cat(None, subject=SUBJECT_OF_NOBODY))

    assert f'<a href="{PAGE}">1 svar mangler at blive lagt ind hos den rette patient</a>' in one
    assert "2 svar mangler at blive lagt ind" in client.get("/clinic/").text


def test_signed_out_leads_to_the_login(world, client, waiting):
    token = token_of(client, "/clinic/login")
    client.post("/clinic/logout", data={"csrf_token": token})

    seen, sent = client.get(PAGE), send(client, waiting, reason="Ikke vores")

    assert [(one.status_code, one.location) for one in (seen, sent)] == [(303, "/clinic/login")] * 2


def test_an_administrator_sees_no_tray_and_sorts_nothing(world, waiting):
    admin = Person(PersonId(new_id()), world.demo.clinic_id, "Adam Bak", Role.CLINIC_ADMIN)
    with world.services.store.write(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        tx.clinics.add_person(admin)
    client = world.app.test_client()
    sign_in(client, admin.id)

    assert [client.get(PAGE).status_code, send(client, waiting, reason="Væk").status_code] == [403, 403]


def test_a_form_without_our_token_sorts_nothing(world, client, waiting):
    assert client.post(PAGE, data={"unmatched": waiting, "reason": "Væk"}).status_code == 400
    with look(world) as tx:
        assert tx.unmatched.get(waiting).state is UnmatchedState.WAITING


@pytest.mark.parametrize(("requests", "may_have_more"), [(MOST_REQUESTS - 1, False), (MOST_REQUESTS, True)])
def test_a_list_that_is_cut_says_so(world, waiting, requests, may_have_more):
    one = request_of(world, "Nancy Berggren")
    same = PossibleRequest(one.request_id, one.patient_ref, one.name, one.identifier, one.requested_at)
    with look(world) as tx:
        kept = tx.unmatched.get(waiting)

    assert TrayEntry(kept, Text("mMRC"), (same,) * requests).may_have_more is may_have_more
