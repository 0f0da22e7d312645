"""The clinic asks, without script: send now, fill in together on its own screen, the call list, and the candidates."""

import pytest
from playwright.sync_api import expect

from security.actor import Role
from tests.browser.walk import answer_the_rest, press, sign_in


@pytest.fixture
def answered(world):
    """A patient who has answered everything a month ago."""
    invited = world.invite()
    world.answer(invited)
    world.move_clock(days=30)
    return invited


def go_to(page, name):
    page.get_by_role("link", name=name).click()
    page.wait_for_load_state()


def via(world, invited):
    case = world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id)
    return {form.response.via for form in case.forms}


def fill_in(page):
    page.get_by_role("link", name="Begynd").click()
    page.wait_for_load_state()
    answer_the_rest(page)
    press(page, "Send mine svar")


def test_filled_in_together_from_the_patient_s_page_and_back_again(world, page, answered):
    sign_in(page)
    go_to(page, "Nancy Berggren")

    press(page, "Udfyld nu")
    expect(page.get_by_text("Du udfylder sammen med Nancy Berggren, 251248-xxxx.")).to_be_visible()
    fill_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tak. Dine svar er sendt")
    page.get_by_role("main").get_by_role("link", name="Tilbage til klinikkens side").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Nancy Berggren")
    expect(page.get_by_text("(sammen med klinikken)").first).to_be_visible()
    expect(page.get_by_text("Logget ind som Lise Holm, læge")).to_be_visible()
    assert via(world, answered) == {"clinic"}


def test_halfway_back_to_the_clinic_and_on_again_keeps_the_answers(page, answered):
    sign_in(page)
    go_to(page, "Nancy Berggren")
    press(page, "Udfyld nu")
    go_to(page, "Begynd")
    page.get_by_label("Nej", exact=True).check()
    press(page, "Næste")

    go_to(page, "Tilbage til klinikkens side")
    expect(page.get_by_text("Patienten er spurgt")).to_be_visible()
    press(page, "Udfyld nu")

    expect(page.get_by_text("Du har svaret på 1 af")).to_be_visible()


def test_send_now_says_what_was_done(page, answered):
    sign_in(page)
    go_to(page, "Nancy Berggren")

    press(page, "Send nu")
    expect(page.get_by_role("status")).to_contain_text("Patienten får besked om lidt.")
    press(page, "Send nu")
    expect(page.get_by_role("status")).to_contain_text("Der er ikke sendt en besked mere.")


def test_called_in_vain_and_then_filled_in_on_the_telephone(world, page):
    invited = world.to_call("Sverre Mosebryggeren")
    sign_in(page)

    go_to(page, "Ringeliste (1)")
    row = page.get_by_role("row", name="Sverre Mosebryggeren")
    expect(row).to_contain_text("Nej")
    row.get_by_role("button", name="Ikke truffet").click()
    expect(page.get_by_role("status")).to_contain_text("Det er noteret")
    expect(row).to_contain_text("1 gang, ")
    row.get_by_role("button", name="Udfyld sammen nu").click()
    fill_in(page)
    page.get_by_role("main").get_by_role("link", name="Tilbage til klinikkens side").click()

    expect(page.get_by_text("Ingen skal ringes op lige nu.")).to_be_visible()
    expect(page.get_by_role("link", name="Ringeliste", exact=True)).to_be_visible()
    assert via(world, invited) == {"clinic"}


def test_candidates_are_ticked_and_ordered_together(world, page):
    world.bring_candidates()
    sign_in(page)

    go_to(page, "Kandidater")
    page.get_by_label("Nancy Berggren").check()
    page.get_by_label("Else Lauridsen 020191-xxxx, LRS").check()
    press(page, "Begynd forløb for de valgte")

    expect(page.get_by_role("status")).to_contain_text("Forløb begyndt: 2")
    expect(page.get_by_role("row", name="Else Lauridsen")).to_contain_text("KOL")
    go_to(page, "Arbejdsliste")
    page.get_by_role("link", name="Øvrige").click()
    expect(page.get_by_role("row", name="Nancy Berggren")).to_contain_text("KOL")


def test_a_candidate_is_left_out_with_a_reason(world, page):
    world.bring_candidates()
    sign_in(page)
    go_to(page, "Kandidater")
    page.get_by_label("Nancy Berggren").check()

    press(page, "Udelad de valgte")
    expect(page.get_by_role("alert")).to_contain_text("Skriv en begrundelse")
    expect(page.get_by_label("Nancy Berggren")).to_be_checked()
    page.get_by_label("Begrundelse").fill("Følges på hospitalet.")
    page.get_by_label("Se på det igen den").fill("2999-01-01")
    press(page, "Udelad de valgte")

    expect(page.get_by_role("status")).to_contain_text("Udeladt med din begrundelse: 1")
    expect(page.get_by_label("Nancy Berggren")).to_have_count(0)
