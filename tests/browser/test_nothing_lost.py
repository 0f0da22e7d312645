"""Nothing that was answered is lost: by a dead battery, a lost connection, two tabs, a double click or silence."""

import pytest
from playwright.sync_api import expect

from flow.form import Visit
from security.actor import Role
from tests.browser.walk import open_form, press
from web.visit import IDLE_S, WARNED_S

KEPT, LOST = "Dit svar er gemt.", "Dit svar er ikke gemt."


@pytest.fixture
def phone(browser, address):
    """A page in which scripts run, as on most telephones."""
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 800}, locale="da-DK")
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def overview(world, invited):
    form = world.services.use_cases.form
    return form.overview(form.open(invited.token))


def test_an_answer_is_on_the_server_before_any_button_is_pressed_and_choosing_never_goes_on(world, phone):
    invited = world.invite()
    open_form(phone, invited.token)

    phone.get_by_label("Nej", exact=True).check()
    expect(phone.get_by_text(KEPT)).to_be_visible()

    assert phone.url.endswith("/p/q/1")
    assert overview(world, invited).page(1).answers == (False,)


def test_the_battery_dies_after_each_answer_of_cat(world, browser, address):
    """Killed with the answer given and no button pressed, then again after the button, each time in a fresh browser."""
    invited = world.invite()
    visit = world.services.use_cases.form.open(invited.token)
    fill_all_but(world, visit, "cat")

    for place in range(8):
        context = browser.new_context(base_url=address, viewport={"width": 390, "height": 800})
        page = context.new_page()
        open_form(page, invited.token)
        here = page.url
        assert page.locator("input:checked").count() == 0
        page.get_by_label(str(place % 6), exact=True).check()
        expect(page.get_by_text(KEPT)).to_be_visible()
        context.close()

        context = browser.new_context(base_url=address, viewport={"width": 390, "height": 800})
        page = context.new_page()
        open_form(page, invited.token)
        assert page.url == here
        expect(page.get_by_label(str(place % 6), exact=True)).to_be_checked()
        press(page, "Næste")
        context.close()

    with world.services.store.read(visit.clinic_id, visit.actor) as tx:
        drafts = [tx.drafts.get(request.id) for request in tx.requests.of_occasion(visit.occasion_id)]
    assert len([one for one in drafts if one]) == 4
    world.services.use_cases.form.send(visit)
    with world.services.store.read(visit.clinic_id, visit.actor) as tx:
        (cat,) = [one for one in tx.responses.of_occasion(visit.occasion_id) if "/cat|" in one.questionnaire]
    assert list(cat.vector.values()) == [place % 6 for place in range(8)]


def fill_all_but(world, visit: Visit, name):
    form = world.services.use_cases.form
    for page in form.overview(visit).questions:
        if page.form.questionnaire.id != name:
            form.save(visit, page.form.request.id, page.spot, (), skipped=True)


def test_without_connection_the_page_says_so_keeps_the_answer_and_saves_it_by_itself_afterwards(world, phone):
    invited = world.invite()
    open_form(phone, invited.token)
    phone.context.set_offline(True)

    phone.get_by_label("Nej", exact=True).check()
    expect(phone.get_by_role("alert").get_by_text(LOST)).to_be_visible()
    phone.get_by_role("button", name="Næste").click()
    expect(phone.locator("#lost")).to_be_focused()
    expect(phone.get_by_label("Nej", exact=True)).to_be_checked()
    assert phone.url.endswith("/p/q/1")
    assert overview(world, invited).page(1).is_open
    phone.context.set_offline(False)

    expect(phone.get_by_text(KEPT)).to_be_visible()
    expect(phone.locator("#lost")).to_be_hidden()
    press(phone, "Næste")
    expect(phone.get_by_text("Spørgsmål 2 af 25")).to_be_visible()


def test_a_number_is_kept_while_it_is_written_and_half_a_number_is_not(world, phone):
    invited = world.invite()
    open_form(phone, invited.token)
    phone.goto("/p/q/12")

    phone.get_by_role("textbox").press_sequentially("1")
    expect(phone.get_by_text(KEPT)).to_be_visible()
    phone.get_by_role("textbox").press_sequentially("x")
    expect(phone.get_by_text(KEPT)).to_have_count(0)

    assert overview(world, invited).page(12).answers == (1,)


def test_a_double_click_is_one_click(world, phone):
    invited = world.invite()
    open_form(phone, invited.token)
    phone.get_by_label("Nej", exact=True).check()

    phone.get_by_role("button", name="Næste").dblclick()

    expect(phone.get_by_text("Spørgsmål 2 af 25")).to_be_visible()
    seen = overview(world, invited)
    assert [page.number for page in seen.questions if not page.is_open] == [1]


def test_two_tabs_keep_the_last_answer_and_after_sending_the_other_one_shows_the_receipt(world, phone):
    invited = world.invite()
    open_form(phone, invited.token)
    other = phone.context.new_page()
    other.goto("/p/q/1")
    phone.get_by_label("Nej", exact=True).check()
    press(phone, "Næste")

    other.get_by_label("Ja", exact=True).check()
    expect(other.get_by_text(KEPT)).to_be_visible()
    assert overview(world, invited).page(1).answers == (True,)
    other.get_by_label("Nej", exact=True).check()
    press(other, "Næste")
    world.fill(world.services.use_cases.form.open(invited.token))
    other.goto("/p/review")
    press(other, "Send mine svar")
    phone.get_by_label("Nej", exact=True).check()
    phone.get_by_role("button", name="Næste").click()

    phone.wait_for_url("**/p/receipt")
    case = world.services.use_cases.case(world.staff(Role.CLINICIAN), invited.enrolment_id)
    assert len(case.forms) == 4


def test_a_page_that_was_read_again_or_gone_back_to_has_the_answer(world, phone):
    open_form(phone, world.invite().token)
    phone.get_by_label("Nej", exact=True).check()
    expect(phone.get_by_text(KEPT)).to_be_visible()

    phone.reload()
    expect(phone.get_by_label("Nej", exact=True)).to_be_checked()
    press(phone, "Næste")
    phone.go_back()

    expect(phone.get_by_label("Nej", exact=True)).to_be_checked()


def test_a_silent_page_warns_in_time_and_stays_when_asked_to(world, phone):
    phone.clock.install()
    open_form(phone, world.invite().token)
    warning = phone.locator("#leaving")

    phone.clock.fast_forward((IDLE_S - WARNED_S - 10) * 1000)
    expect(warning).to_be_hidden()
    phone.clock.fast_forward(20_000)
    expect(warning).to_have_attribute("role", "alert")
    expect(warning).to_contain_text("Siden lukker om højst 3 minutter")
    phone.get_by_role("button", name="Bliv på siden").click()
    expect(warning).to_be_hidden()
    phone.clock.fast_forward((IDLE_S + 10) * 1000)

    expect(warning).to_contain_text("Siden har været stille for længe.")
    expect(phone.get_by_role("button", name="Bliv på siden")).to_be_hidden()
