"""The patient's way from the link to the receipt, without script, in the words of the pages."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.walk import answer, answer_mildly, answer_the_rest, open_form, press


def go_to_review(world, page):
    """Answer everything behind the page's back, and look at the review."""
    token = world.invite().token
    world.fill(world.services.use_cases.form.open(token))
    page.goto(f"/p/i/{token}")
    page.goto("/p/review")


def path(page):
    return urlsplit(page.url).path


def heading(page):
    return page.get_by_role("heading", level=1)


def test_a_patient_answers_everything_and_gets_a_receipt(world, page):
    open_form(page, world.invite().token)

    answer_the_rest(page)
    expect(heading(page)).to_have_text("Se dine svar igennem")
    assert page.locator("dl.answers > div").count() == 25
    press(page, "Send mine svar")

    expect(heading(page)).to_have_text("Tak. Dine svar er sendt")
    expect(page.get_by_text("Lægerne på Prøvetorvet har fået dine svar")).to_be_visible()


def test_the_token_leaves_the_address_at_once_and_no_answer_ever_enters_it(world, page):
    token = world.invite().token
    addresses = []
    page.on("framenavigated", lambda frame: addresses.append(frame.url))

    open_form(page, token)
    answer(page, "Ja")
    page.goto("/p/review")

    assert [address for address in addresses if token in address] == []
    assert {"true", "Ja"} & set("".join(addresses).replace("/", " ").replace("?", " ").split()) == set()


def test_a_danger_answer_is_met_by_the_notice_on_the_very_next_page_and_again_before_and_after_sending(world, page):
    token = world.invite().token
    open_form(page, token)

    answer(page, "Ja")

    expect(heading(page)).to_have_text("Vigtigt")
    expect(page.get_by_text("Ring 112 nu. Ingen læser dit svar lige nu.")).to_be_visible()
    assert page.get_by_role("link", name="Ring 112").get_attribute("href") == "tel:112"
    world.fill(world.services.use_cases.form.open(token), kol_status_1=True)
    page.goto("/p/review")
    expect(page.get_by_role("link", name="Ring 112")).to_be_visible()
    press(page, "Send mine svar")
    expect(heading(page)).to_have_text("Tak. Dine svar er sendt")
    expect(page.get_by_role("link", name="Ring 112")).to_be_visible()


def test_a_wrong_danger_answer_can_be_taken_back(world, page):
    open_form(page, world.invite().token)
    answer(page, "Ja")

    page.get_by_role("link", name="Jeg kom til at svare forkert").click()
    expect(page.get_by_label("Ja", exact=True)).to_be_checked()
    answer(page, "Nej")

    expect(page.get_by_text("Spørgsmål 2 af 25")).to_be_visible()


def test_a_danger_answer_can_be_sent_before_the_other_forms(world, page):
    open_form(page, world.invite().token)
    answer(page, "Ja")

    press(page, "Send det nu")

    expect(heading(page)).to_have_text("Tak. Dine svar er sendt")
    expect(page.get_by_text("Der er stadig 16 spørgsmål")).to_be_visible()
    page.get_by_role("link", name="Fortsæt").click()
    page.get_by_role("link", name="Begynd").click()
    answer_the_rest(page)
    expect(page.get_by_role("link", name="Ring 112")).to_be_visible()
    press(page, "Send mine svar")
    expect(page.get_by_text("Du kan lukke siden nu.")).to_be_visible()


def test_nothing_is_chosen_beforehand_and_a_page_without_answer_says_what_to_do(world, page):
    open_form(page, world.invite().token)
    assert page.locator("input:checked").count() == 0

    press(page, "Næste")

    expect(page.get_by_role("alert")).to_contain_text("Vi mangler et svar")
    assert page.title().startswith("Fejl:")
    assert page.get_by_role("alert").get_by_role("link").get_attribute("href") == "#answer"
    assert page.locator("#answer").count() == 1


def test_skipping_asks_once_and_shows_on_the_review_page(world, page):
    open_form(page, world.invite().token)

    press(page, "Spring over")
    expect(heading(page)).to_have_text("Vil du springe spørgsmålet over?")
    page.get_by_role("link", name="Nej, gå tilbage").click()
    expect(page.get_by_text("Spørgsmål 1 af 25")).to_be_visible()
    press(page, "Spring over")
    press(page, "Ja, spring over")

    expect(page.get_by_text("Spørgsmål 2 af 25")).to_be_visible()
    page.goto("/p/review")
    assert page.locator("dd.given").first.inner_text() == "Sprunget over"


def test_back_keeps_what_was_just_chosen(world, page):
    open_form(page, world.invite().token)
    answer_mildly(page)

    page.get_by_label("Ja", exact=True).check()
    press(page, "Tilbage")

    expect(page.get_by_text("Spørgsmål 1 af 25")).to_be_visible()
    expect(page.get_by_label("Nej", exact=True)).to_be_checked()
    press(page, "Næste")
    expect(page.get_by_label("Ja", exact=True)).to_be_checked()
    press(page, "Tilbage")
    press(page, "Tilbage")
    assert path(page) == "/p/start"


def test_a_fresh_browser_goes_on_at_the_same_question_with_all_answers(world, browser, address, page):
    token = world.invite().token
    open_form(page, token)
    for _ in range(4):
        answer_mildly(page)

    other = browser.new_context(base_url=address, java_script_enabled=False)
    fresh = other.new_page()
    fresh.goto(f"/p/i/{token}")

    expect(fresh.get_by_text("Du har svaret på 4 af 25 spørgsmål.")).to_be_visible()
    fresh.get_by_role("link", name="Fortsæt, hvor du slap").click()
    expect(fresh.get_by_text("Spørgsmål 5 af 25")).to_be_visible()
    other.close()


def test_one_answer_is_changed_from_the_review_page_and_back_again(world, page):
    go_to_review(world, page)

    page.get_by_role("link", name="Ret på: Har du fået mere slim").click()
    page.get_by_label("Ja", exact=True).check()
    press(page, "Gem og se dine svar")

    expect(heading(page)).to_have_text("Et godt råd")
    press(page, "Gå videre i skemaet")
    expect(heading(page)).to_have_text("Se dine svar igennem")


def test_sending_with_a_question_open_points_to_it(world, page):
    open_form(page, world.invite().token)
    answer_mildly(page)
    page.goto("/p/review")

    press(page, "Send mine svar")

    expect(page.get_by_role("alert")).to_contain_text("Du mangler at svare på 24 spørgsmål")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_text("Spørgsmål 2 af 25")).to_be_visible()


def test_a_number_out_of_range_stays_in_the_field_with_what_is_allowed(world, page):
    open_form(page, world.invite().token)
    while page.get_by_role("textbox").count() == 0:
        answer_mildly(page)

    answer(page, "99")

    expect(page.get_by_role("alert")).to_contain_text("Svaret skal rettes")
    expect(page.get_by_role("textbox")).to_have_value("99")
    expect(page.locator("#fault")).to_contain_text("Skriv et helt tal fra 0 til 20.")
    answer(page, "2")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_language_is_switched_and_answers_stay(world, page):
    open_form(page, world.invite().token)
    answer_mildly(page)

    page.get_by_role("link", name="English").click()

    expect(page.get_by_text("Question 2 of 25")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    page.get_by_role("link", name="Dansk").click()
    expect(page.get_by_text("Spørgsmål 1 af 25")).to_be_visible()


def test_the_link_says_thank_you_after_the_answer_and_old_pages_lead_to_the_receipt(world, page):
    invited = world.invite()
    page.goto(f"/p/i/{invited.token}")
    world.answer(invited)

    for old in ("/p/start", "/p/review", "/p/q/1"):
        page.goto(old)
        assert path(page) == "/p/receipt"
    refused = page.goto(f"/p/i/{invited.token}")

    assert refused.status == 410
    expect(heading(page)).to_have_text("Tak, du har allerede svaret")
    expect(page.get_by_role("contentinfo").get_by_role("link").first).to_be_visible()


def test_after_the_deadline_the_visit_is_over_and_the_link_says_so(world, page):
    invited = world.invite()
    open_form(page, invited.token)
    world.move_clock(days=60)

    assert page.goto("/p/review").status == 401
    expect(heading(page)).to_have_text("Åbn linket igen")
    assert page.goto(f"/p/i/{invited.token}").status == 410
    expect(heading(page)).to_have_text("Fristen er gået")


def test_who_never_opened_a_link_is_told_to(page):
    for address in ("/p/start", "/p/q/1", "/p/review", "/p/receipt"):
        assert page.goto(address).status == 401
        expect(heading(page)).to_have_text("Åbn linket igen")


def test_a_link_that_is_not_known_or_cut_off_is_not_found(world, page):
    assert page.goto(f"/p/i/{world.invite().token[:-1]}").status == 404
    expect(heading(page)).to_have_text("Siden findes ikke")


def test_the_item_is_shown_word_by_word_with_its_period_and_both_anchors(world, page):
    token = world.invite().token
    visit = world.services.use_cases.form.open(token)
    pages = world.services.use_cases.form.overview(visit).questions
    page.goto(f"/p/i/{token}")

    for question in pages:
        page.goto(f"/p/q/{question.number}")
        item = question.item
        assert heading(page).text_content() == item.text.da
        assert page.locator("#recall").text_content() == (item.recall or question.form.questionnaire.recall).da
        if item.options:
            assert [label.strip() for label in page.locator(".option").all_text_contents()] == [
                option.display.da for option in item.options
            ]
        if item.low and item.high:
            assert page.locator("#low").text_content() == item.low.da
            assert page.locator("#high").text_content() == item.high.da
