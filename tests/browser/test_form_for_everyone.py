"""The patient's form for everyone: keyboard alone, large text, narrow screens, few bytes, nothing foreign."""

import gzip
import re
from http import HTTPStatus
from pathlib import Path

import pytest
from playwright.sync_api import Response, expect

from tests.browser.walk import WIDTHS, answer_mildly, open_form, press

CLIPPED = """() => [...document.querySelectorAll("body *")].filter(one => {
    const style = getComputedStyle(one), cuts = style.overflowX !== "visible" || style.textOverflow === "ellipsis";
    return cuts && !one.matches(".unseen, progress, input, textarea, select, .wide")
        && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map(one => one.className || one.localName)"""
LONG_LINES = """most => [...document.querySelectorAll("main p")].filter(one => {
    const ruler = document.createElement("span");
    ruler.textContent = "0".repeat(most);
    ruler.style.cssText = "position:absolute;visibility:hidden;white-space:nowrap";
    one.append(ruler);
    const widest = ruler.getBoundingClientRect().width;
    ruler.remove();
    return one.getBoundingClientRect().width > widest + 1;
}).map(one => one.textContent)"""


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


@pytest.mark.parametrize(("width", "text"), [(640, "200%"), (320, "100%")], ids=["text 200 %", "zoom 400 %"])
def test_nothing_is_cut_off_when_the_text_is_large(world, browser, address, width, text):
    """1280 px at 400 % are 320 px; twice the text on a small tablet."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"/p/i/{world.invite().token}")
    for where in ("/p/start", "/p/q/1", "/p/q/1?confirm=skip", "/p/q/12", "/p/q/14", "/p/q/15", "/p/review"):
        page.goto(where)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        assert page.evaluate(CLIPPED) == [], where
    context.close()


def test_every_option_of_a_question_is_as_large_as_the_others(world, wide):
    open_form(wide, world.invite().token)
    for width in WIDTHS:
        wide.set_viewport_size({"width": width, "height": 800})
        for where in ("/p/q/1", "/p/q/14", "/p/q/15"):
            wide.goto(where)
            boxes = [box.bounding_box() for box in wide.locator(".option").all()]
            assert len(boxes) > 1
            for side in ("width", "height"):
                assert max(box[side] for box in boxes) - min(box[side] for box in boxes) <= 1.01, (where, width, side)


def test_a_choice_is_seen_where_the_system_chooses_the_colours_and_nothing_moves(world, browser, address):
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 800}, forced_colors="active", reduced_motion="reduce"
    )
    page = context.new_page()
    open_form(page, world.invite().token)
    page.evaluate("document.activeElement.blur()")
    plain = page.locator(".options").screenshot()

    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("Ja", exact=True)).to_be_checked()
    focused = page.locator(".options").screenshot()
    page.evaluate("document.activeElement.blur()")
    chosen = page.locator(".options").screenshot()

    assert len({plain, chosen, focused}) == 3
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


def test_paper_holds_the_question_and_the_answers_but_no_buttons(world, wide):
    open_form(wide, world.invite().token)
    wide.emulate_media(media="print")

    assert wide.locator("h1").is_visible()
    assert wide.locator(".option").first.is_visible()
    assert not wide.get_by_role("button", name="Næste").is_visible()
    wide.goto("/p/review")
    assert wide.locator("dd.given").first.is_visible()
    assert not wide.get_by_role("button", name="Send mine svar").is_visible()


def test_a_line_is_never_too_long_to_read_and_the_text_never_small(world, wide):
    wide.set_viewport_size({"width": 1280, "height": 800})
    open_form(wide, world.invite().token)
    for where in ("/p/start", "/p/q/1", "/p/review"):
        wide.goto(where)
        assert wide.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18
        assert wide.evaluate(LONG_LINES, 70) == [], where


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


def test_our_own_script_is_one_small_file():
    assert len(gzip.compress(Path("web/static/form.js").read_bytes(), mtime=0)) <= 10_000


def test_no_page_holds_a_script_or_a_style_within_itself(world, page):
    open_form(page, world.invite().token)

    for address in ("/p/start", "/p/q/1", "/p/review", "/clinic/login"):
        response = page.goto(address)
        content = page.content()
        own = '<script src="/static/form.js' if address.startswith("/p/") else "none"
        assert [one for one in re.findall(r"<script[^>]*", content) if not one.startswith(own)] == []
        assert re.search(r"<script[^>]*>[^<]|<style|\sstyle=|\son\w+=", content) is None
        policy = response.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "form-action 'self'" in policy
