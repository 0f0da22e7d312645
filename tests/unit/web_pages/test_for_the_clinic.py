"""Those who are not digital: asked by telephone or together, on paper, by a relative; and it stands at the answers."""

import re

import pytest

from flow.order import When
from security.actor import Role

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def world_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def desk(world):
    """A nurse at the clinic's browser."""
    desk = world.app.test_client()
    post(desk, "/clinic/login", person=world.staff(Role.CLINIC_STAFF).id)
    return desk


@pytest.fixture
def invited(world):
    return world.invite()


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def post(client, address, page=None, **fields):
    found = TOKEN.search(client.get(page or address).text)
    assert found
    return client.post(address, data={"csrf_token": found.group(1), **fields}, follow_redirects=True)


@pytest.fixture
def together(world, desk, invited):
    """The nurse has begun to fill in; the visit is hers."""
    case = f"/clinic/enrolments/{invited.enrolment_id}"
    assert "Hvordan får du svarene?" in words(post(desk, f"{case}/orders", case, when="fill-now"))
    nurse = world.staff(Role.CLINIC_STAFF)
    ordered = world.services.use_cases.order(nurse, invited.enrolment_id, When.FILL_NOW)
    return world.services.use_cases.form.enter(nurse, ordered.occasion_id)


@pytest.mark.parametrize(
    ("mode", "answerer", "told"),
    [
        ("PHONE", "Patient", "I telefonen. Svaret givet af: Patienten selv."),
        ("HANDWRIT", "RelatedPerson", "Fra et papirskema. Svaret givet af: En pårørende."),
        ("FACE", "PractitionerRole", "Sammen i klinikken. Svaret givet af: Personale på plejehjem"),
    ],
)
def test_how_the_answers_came_stands_beside_them_and_in_the_response(
    world, desk, together, invited, mode, answerer, told
):
    post(desk, "/p/manner", "/p/start", mode=mode, answerer=answerer)
    world.fill(together)

    post(desk, "/p/send", "/p/review")

    assert told in words(desk.get(f"/clinic/enrolments/{invited.enrolment_id}"))
    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        raws = [tx.responses.raw(one.id).decode() for one in tx.responses.of_occasion(together.occasion_id)]
    assert all(f'"code":"{mode}"' in raw and "Practitioner" in raw for raw in raws)


def test_a_patient_s_own_answers_say_nothing_of_it(world, desk, invited):
    world.answer(invited)

    assert "Svaret givet af" not in words(desk.get(f"/clinic/enrolments/{invited.enrolment_id}"))


def test_only_the_clinic_chooses_and_only_what_there_is(world, desk, together, invited):
    patient = world.app.test_client()
    patient.get(f"/p/i/{invited.token}")

    assert post(patient, "/p/manner", "/p/q/1", mode="PHONE", answerer="Patient").status_code == 403
    assert post(desk, "/p/manner", "/p/start", mode="FAX", answerer="Patient").status_code == 422
    assert post(desk, "/p/manner", "/p/start", mode="PHONE", answerer="Dog").status_code == 422


def test_a_danger_answer_stops_whoever_types(desk, together):
    notice = words(post(desk, "/p/q/1", answer="true", do="next"))

    assert "Stop her" in notice
    assert "hent en læge nu, eller ring 112" in notice


def test_the_form_is_printed_from_the_patient_s_page_as_long_as_it_is_asked(world, desk, invited):
    case = f"/clinic/enrolments/{invited.enrolment_id}"
    assert f'href="{case}/paper"' in desk.get(case).text

    printed = desk.get(f"{case}/paper")

    assert (printed.status_code, printed.content_type, printed.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert "Nancy" not in str(printed.headers)
    world.answer(invited)
    refused = desk.get(f"{case}/paper")
    assert refused.status_code == 409
    assert "Der er ikke noget at svare på lige nu" in words(refused)


def test_a_printed_form_is_on_record(world, desk, invited):
    desk.get(f"/clinic/enrolments/{invited.enrolment_id}/paper")

    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        doer = tx.audit.doer(["print-form"], f"Occasion/{tx.occasions.newest_of(event_of(tx).patients[0]).id}")
    assert doer.actor_id == world.staff(Role.CLINIC_STAFF).id


def event_of(tx):
    (event,) = [one for one in tx.audit.events() if one.action == "print-form"]
    return event
