"""The patient's form for everyone: keyboard alone, large text, narrow screens, few bytes, nothing foreign."""

import re
from http import HTTPStatus

import pytest
from playwright.sync_api import Response

from tests.browser.walk import WIDTHS, answer_mildly, open_form, press


def test_the_whole_form_is_filled_in_by_keyboard_alone(world, page):
    open_form(page, world.invite().token)
    keyboard = page.keyboard

    while "/p/q/" in page.url:
        before = page.url
        keyboard.press("Tab")
        if page.get_by_role("radio").count():
            keyboard.press("Space")
            keyboard.press("ArrowDown")
        elif page.get_by_role("textbox").count():
            keyboard.type("0")
        keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    page.get_by_role("button", name="Send mine svar").focus()
    keyboard.press("Enter")

    page.wait_for_url("**/p/receipt")


def test_focus_stands_on_the_heading_and_after_a_fault_on_the_summary(world, wide):
    open_form(wide, world.invite().token)
    wide.wait_for_function("document.activeElement.tagName === 'H1'")

    press(wide, "Næste")

    wide.wait_for_function("document.activeElement.getAttribute('role') === 'alert'")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_scale_is_one_row_of_equal_boxes_at_every_width(world, wide, width):
    wide.set_viewport_size({"width": width, "height": 800})
    open_form(wide, world.invite().token)
    visit_pages = [f"/p/q/{number}" for number in range(1, 23)]
    for address in visit_pages:
        wide.goto(address)
        if wide.locator(".options.row").count():
            break

    boxes = [box.bounding_box() for box in wide.locator(".options.row .option").all()]

    assert len(boxes) == 6
    assert len({round(box["y"]) for box in boxes}) == 1
    assert max(box["width"] for box in boxes) - min(box["width"] for box in boxes) <= 1.01


def test_twice_the_text_size_still_fits_on_a_phone(world, browser, address):
    context = browser.new_context(base_url=address, viewport={"width": 640, "height": 800})
    page = context.new_page()
    page.goto(f"/p/i/{world.invite().token}")
    for where in ("/p/start", "/p/q/1", "/p/q/14", "/p/review"):
        page.goto(where)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, where
    context.close()


def test_a_page_is_small_loads_nothing_foreign_and_keeps_one_cookie(world, page, address):
    responses: list[Response] = []

    def keep(response):
        responses.append(response)

    page.on("response", keep)
    foreign = []
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(address) else None)

    page.goto(f"/p/i/{world.invite().token}")
    first_view = sum(len(one.body()) for one in tuple(responses) if one.status == HTTPStatus.OK)
    page.get_by_role("link", name="Begynd").click()
    page.wait_for_load_state()
    sizes = []
    while "/p/q/" in page.url:
        sizes.append(len(page.content().encode()))
        answer_mildly(page)

    assert foreign == []
    assert first_view <= 150_000
    assert max(sizes) <= 15_000
    assert [cookie["name"] for cookie in page.context.cookies()] == ["session"]


def test_no_page_holds_a_script_or_a_style_of_its_own(world, page):
    open_form(page, world.invite().token)

    for address in ("/p/start", "/p/q/1", "/p/review", "/clinic/login"):
        response = page.goto(address)
        content = page.content()
        assert re.search(r"<script|<style|\sstyle=|\son\w+=", content) is None
        policy = response.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
