"""The page of every type of item, for everyone: in both languages, at every width, by keyboard, without script."""

import pytest

from tests.browser.test_accessible import check
from tests.browser.walk import press
from tests.browser.world import build_world
from tests.every_type import ask_every_type, released_with

SHOWN = ("note", "decimal", "date", "moment", "text", "several", "open", "dose", "file", "lines", "days", "daily")


@pytest.fixture
def world(tmp_path, sqlite_url):
    """The application, which asks a form with every type of item too."""
    world = build_world(tmp_path / "instance", sqlite_url, released=released_with())
    yield world
    world.services.store.close()


def numbers(world, visit):
    """linkId -> number of its page."""
    return {page.item.link_id: page.number for page in world.services.use_cases.form.overview(visit).pages}


def test_the_page_of_every_layout_is_for_everyone(world, wide):
    invited, visit, _ = ask_every_type(world)
    wide.goto(f"/p/i/{invited.token}")
    known = numbers(world, visit)
    for place, link_id in enumerate((*SHOWN, "medicine")):
        wide.goto(f"/p/q/{known[link_id]}?lang={('da', 'en')[place % 2]}")
        check(wide, 44)
    wide.goto(f"/p/q/{known['date']}?lang=da")
    wide.get_by_label("Dag").fill("31")
    press(wide, "Næste")
    wide.get_by_role("alert").filter(has_text="Skriv en dato, der findes").wait_for()
    check(wide, 44)


def test_a_file_a_date_and_a_second_medicine_without_script(world, page, tmp_path):
    invited, visit, _ = ask_every_type(world)
    page.goto(f"/p/i/{invited.token}")
    known = numbers(world, visit)
    file = tmp_path / "ryg.png"
    file.write_bytes(b"\x89PNG")

    page.goto(f"/p/q/{known['file']}")
    page.get_by_label("Fil", exact=True).set_input_files(file)
    press(page, "Næste")
    page.goto(f"/p/q/{known['file']}")
    assert page.get_by_label("Fjern ryg.png").count() == 1
    page.goto(f"/p/q/{known['date']}")
    for name, value in (("Dag", "5"), ("Måned", "3"), ("År", "2026")):
        page.get_by_label(name, exact=True).fill(value)
    # The next page may be long in coming: to go elsewhere before would take the answer back.
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"/p/q/{known['name']}")
    page.get_by_role("textbox").fill("Panodil")
    press(page, "Næste")
    press(page, "Spring over")
    press(page, "Ja, spring over")
    press(page, "Ja, fortæl om en mere")
    assert page.get_by_text("nr. 2").count() == 1
    page.get_by_role("textbox").fill("Pinex")
    press(page, "Næste")
    page.goto("/p/review")

    shown = page.locator("dd.given").all_inner_texts()
    assert {"ryg.png (1 kB)", "5. marts 2026", "Panodil", "Pinex"} <= set(shown)
