"""The clinic's way from sign-in to a decision, without script: the suggestion explains itself, a person decides."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from security.actor import Role
from tests.browser.walk import press, sign_in


@pytest.fixture
def red(world):
    """A patient with two flare-up signs who has answered everything."""
    invited = world.invite()
    world.answer(invited, kol_status_4=True, kol_status_5=True)
    return invited


def decided(world, invited):
    return world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id).decisions


def choose(page, group, words):
    page.get_by_role("group", name=group).get_by_label(words).check()


def test_from_the_worklist_to_a_decision_that_agrees_in_three_clicks_and_a_save(world, page, red):
    sign_in(page)

    page.get_by_role("link", name="Nancy Berggren").click()
    choose(page, "Farve", "Rød")
    choose(page, "Differentieringsniveau", "2")
    press(page, "Gem beslutningen")

    expect(page.get_by_role("status")).to_contain_text("Beslutningen er gemt")
    expect(page.get_by_text("Lise Holm, læge besluttede")).to_be_visible()
    (decision,) = decided(world, red)
    assert (decision.colour, decision.level, decision.author_name) == ("RED", 2, "Lise Holm, læge")


def test_the_list_says_who_why_and_how_soon_in_words(page, red):
    sign_in(page)

    row = page.get_by_role("row", name="Nancy Berggren")
    expect(row).to_contain_text("Rød")
    expect(row).to_contain_text("Kontakt i dag")
    expect(row).to_contain_text("Mindst to af tre tegn på forværring")
    expect(row).to_contain_text("Afventer vurdering")


def test_the_suggestion_shows_its_rows_its_inputs_and_its_version(page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()

    expect(page.get_by_text("afventer klinikerens vurdering")).to_be_visible()
    expect(page.get_by_text("Regel K02.")).to_be_visible()
    page.get_by_text("Vis grundlaget for alarmen").click()
    expect(page.get_by_text("Regnet ud efter alert/kol version 2.0.0")).to_be_visible()
    expect(page.get_by_role("row", name="Tegn på forværring nu exacNow 2 kendt")).to_be_visible()


def test_the_identifier_is_masked_and_no_address_holds_it(page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()

    expect(page.get_by_text("251248-xxxx")).to_be_visible()
    assert "2512489996" not in page.content()
    assert "Nancy" not in page.url


def test_nothing_is_decided_beforehand(page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()

    assert page.locator("input:checked").count() == 0


def test_another_colour_needs_a_reason_and_what_was_entered_stays(world, page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()
    choose(page, "Farve", "Gul")
    choose(page, "Differentieringsniveau", "1")

    press(page, "Gem beslutningen")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Beslutningen er ikke gemt")
    assert alert.get_by_role("link").get_attribute("href") == "#reason"
    expect(page.get_by_label("Gul")).to_be_checked()
    assert decided(world, red) == ()
    page.get_by_label("Begrundelse").fill("Er allerede i behandling.")
    press(page, "Gem beslutningen")
    expect(page.get_by_text("Er allerede i behandling.")).to_be_visible()
    assert decided(world, red)[0].reason == "Er allerede i behandling."


def test_a_decision_without_colour_is_refused_in_words(world, page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()

    press(page, "Gem beslutningen")

    expect(page.get_by_role("alert")).to_contain_text("Vælg rød, gul eller grøn.")
    assert decided(world, red) == ()


def test_a_nurse_decides_only_on_behalf_of_a_doctor(world, page, red):
    sign_in(page, "Nete Bruun")
    page.get_by_role("link", name="Nancy Berggren").click()
    choose(page, "Farve", "Rød")

    press(page, "Gem beslutningen")
    expect(page.get_by_role("alert")).to_contain_text("Vælg den læge, du beslutter på vegne af.")
    assert decided(world, red) == ()
    choose(page, "På vegne af", "Lise Holm")
    press(page, "Gem beslutningen")

    (decision,) = decided(world, red)
    assert decision.author_name == "Nete Bruun, sygeplejerske"
    assert decision.on_behalf_of == world.staff(Role.CLINICIAN).id


def test_an_answer_that_arrives_meanwhile_is_told_and_nothing_is_decided(world, page):
    invited = world.invite()
    form = world.services.use_cases.form
    visit = form.open(invited.token)
    world.fill(visit)
    first, second, *_ = form.overview(visit).forms
    form.send(visit, first.request.id)
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()
    form.send(visit, second.request.id)
    choose(page, "Farve", "Grøn")
    page.get_by_label("Begrundelse").fill("Uændret.")

    press(page, "Gem beslutningen")

    expect(page.get_by_role("alert")).to_contain_text("Der er kommet et nyt svar imens.")
    assert decided(world, invited) == ()


def test_without_sign_in_every_page_leads_to_it(world, page, red):
    for address in ("/clinic/", f"/clinic/enrolments/{red.enrolment_id}"):
        page.goto(address)
        assert urlsplit(page.url).path == "/clinic/login"


def test_signing_out_ends_the_session(page, red):
    sign_in(page)

    press(page, "Log ud")
    page.goto("/clinic/")

    assert urlsplit(page.url).path == "/clinic/login"


def test_an_enrolment_that_is_not_there_is_told_plainly(page, red):
    sign_in(page)

    assert page.goto("/clinic/enrolments/0192f000-0000-7000-8000-0000000000ff").status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Siden findes ikke")


def test_a_patient_who_was_not_asked_yet_or_is_silent_has_nothing_to_decide(world, page):
    invited = world.invite()
    sign_in(page)

    page.goto(f"/clinic/enrolments/{invited.enrolment_id}")

    expect(page.get_by_text("Der er ikke noget svar endnu")).to_be_visible()
    assert page.get_by_role("button", name="Gem beslutningen").count() == 0


def test_alert_and_needs_stand_apart_each_with_its_rows_inputs_and_version(page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()

    expect(page.get_by_role("heading", name="Alarm: hvem skal kontaktes")).to_be_visible()
    expect(page.get_by_role("heading", name="Behovsvurdering", exact=True)).to_be_visible()
    page.get_by_text("Hvorfor, område for område").click()
    expect(page.get_by_text("Regel NK3.")).to_be_visible()
    page.get_by_text("Vis grundlaget for behovsvurderingen").click()
    expect(page.get_by_text("Regnet ud efter needs/generic version 2.0.0")).to_be_visible()


def test_dimensions_actions_and_a_date_are_decided_and_an_action_is_done(world, page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()
    choose(page, "Farve", "Rød")
    page.get_by_label("Klinikerens vurdering").select_option(label="Stort behov")
    page.get_by_label("Lungefunktionsmåling (spirometri)").check()
    page.get_by_label("Senest den").fill("2099-02-01")
    page.get_by_label("Dato for næste skema").fill("2099-03-01")
    press(page, "Gem beslutningen")

    (decision,) = decided(world, red)
    assert decision.dimensions["clinician"] == "RED"
    assert {"burden": "GREEN", "support": "GREEN"}.items() <= dict(decision.dimensions).items()
    assert [(one.code, str(one.due)) for one in decision.actions] == [("spirometry", "2099-02-01")]
    expect(page.get_by_text("Næste skema besluttet til 1. marts 2099.")).to_be_visible()
    page.get_by_role("button", name="Udført").click()
    expect(page.get_by_role("status")).to_contain_text("Handlingen er opdateret.")
    assert [one.state for one in decided(world, red)[0].actions] == ["completed"]


def test_changing_a_decision_says_why_and_the_first_one_stays(world, page, red):
    sign_in(page)
    page.get_by_role("link", name="Nancy Berggren").click()
    choose(page, "Farve", "Rød")
    press(page, "Gem beslutningen")
    choose(page, "Farve", "Rød")
    choose(page, "Differentieringsniveau", "3")

    press(page, "Gem beslutningen")
    expect(page.get_by_role("alert")).to_contain_text("når du ændrer en beslutning")
    page.get_by_label("Begrundelse").fill("Har talt med datteren.")
    press(page, "Gem beslutningen")

    expect(page.get_by_text("Ændrer beslutningen før på de samme svar.")).to_be_visible()
    assert [one.level for one in decided(world, red)] == [3, None]
