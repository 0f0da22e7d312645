"""The steps that a person takes on the pages, in the words that stand there."""

from playwright.sync_api import Page

NEXT = "Næste"
WIDTHS = (320, 390, 1280)
"""Small phone, phone, screen."""


def open_form(page: Page, token: str) -> None:
    """Open the personal link and begin, or go on."""
    page.goto(f"/p/i/{token}")
    page.locator("main a.button").click()
    page.wait_for_load_state()


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that it leads to."""
    # With script on, the form first waits until the answer is saved.
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def answer(page: Page, words: str) -> None:
    """Choose or write an answer and go on."""
    if page.get_by_role("radio").count():
        page.get_by_label(words, exact=True).check()
    else:
        page.get_by_role("textbox").fill(words)
    press(page, NEXT)


def answer_mildly(page: Page) -> None:
    """Answer what the page asks with no, 0 or the first option, and go on; read notices and go on."""
    radios = page.get_by_role("radio")
    if page.get_by_role("button", name="Gå videre i skemaet").count():
        press(page, "Gå videre i skemaet")
        return
    if not radios.count():
        answer(page, "0")
        return
    no = page.get_by_label("Nej", exact=True)
    (no if no.count() else radios.first).check()
    press(page, NEXT)


def answer_the_rest(page: Page) -> None:
    """Answer mildly until everything is answered."""
    while "/p/q/" in page.url:
        answer_mildly(page)


def sign_in(page: Page, name: str = "Lise Holm") -> None:
    """Sign one of the demo's staff in."""
    page.goto("/clinic/login")
    page.get_by_role("button", name=name).click()
