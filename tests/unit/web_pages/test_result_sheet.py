"""The result as PDF: the page's words and numbers, on record, and without the patient's number."""

import re

import pytest

from security.actor import Role
from tests.browser.world import TEST_PERSONS
from tests.pdf_text import text_of_pdf
from tests.unit.web_pages.desk import Desk
from tests.unit.web_pages.test_course import POINT, SECTION, cat


@pytest.fixture
def followed(world):
    invited = world.invite()
    world.answer(invited, **cat(1, 2, 1, 2, 2, 1, 2, 1))
    invited = world.ask_again(invited, days=100)
    world.answer(invited, kol_status_4=True, kol_status_5=True, **cat(3, 3, 3, 3, 2, 2, 2, 2))
    return f"/clinic/enrolments/{invited.enrolment_id}"


@pytest.fixture
def desk(world):
    return Desk(world)


def text_of(answer):
    """Return what stands there, whatever the lines are broken at."""
    return " ".join(text_of_pdf(answer.data).split())


def printed(desk, page):
    answer = desk.client.get(f"{page}/result")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return answer


def test_the_sheet_has_the_numbers_of_the_page_and_its_first_sentence(desk, followed):
    page = desk.get(followed)
    text = text_of(printed(desk, followed))

    [section] = SECTION.findall(page)
    drawn = POINT.findall(section)
    assert [value for _, value in drawn] == ["12", "20"]
    for day, value in drawn:
        assert re.search(rf"{re.escape(day)}\s*{value}", text)
    [said] = re.findall(r'said-first">(.*?)</p>', page)
    assert said in text


def test_it_holds_no_number_of_the_patient_and_its_name_tells_nothing(desk, followed):
    answer = printed(desk, followed)
    text = text_of(answer)

    assert TEST_PERSONS["Nancy Berggren"] not in text
    assert "251248-xxxx" in text
    assert answer.headers["Content-Disposition"] == 'inline; filename="resultat.pdf"'


def test_it_is_preliminary_until_somebody_decided_and_then_says_what(desk, followed):
    assert "Foreløbigt" in text_of(printed(desk, followed))

    fields = {"measurement__mrc": "3", "goal": "Gå en tur.", "action": "spirometry", "next_due": "2099-03-01"}
    desk.decide(followed.rpartition("/")[2], colour="RED", level="3", **fields)
    text = text_of(printed(desk, followed))

    assert "Foreløbigt" not in text
    for said in ("Rød. Niveau 3. Lise Holm, læge besluttede", "MRC (1-5): 3", "Patientens eget mål: Gå en tur."):
        assert said in text, said
    assert "Lungefunktionsmåling (spirometri) (aftalt)" in text
    assert "01.03.2099" in text


def test_a_nurse_who_decided_for_a_doctor_is_named_with_the_doctor(world, followed):
    nurse = Desk(world, Role.CLINIC_STAFF)
    doctor = world.staff(Role.CLINICIAN)
    nurse.decide(followed.rpartition("/")[2], colour="RED", on_behalf_of=doctor.id)

    assert f"på vegne af {doctor.display}" in text_of(printed(nurse, followed))


def test_that_it_was_printed_is_on_record(world, desk, followed):
    printed(desk, followed)

    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        acts = [one.action for one in tx.audit.events()]
    assert acts.count("print-result") == 1


def test_before_an_answer_there_is_a_sheet_that_says_so_and_no_link_to_it(world, desk):
    page = f"/clinic/enrolments/{world.invite().enrolment_id}"

    assert "/result" not in desk.get(page)
    assert "Der er ingen svar at vise." in text_of(printed(desk, page))
