"""`make screens`: draws the patient's pages at 390 px into docs/screens, from the application, in Chromium."""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from security.actor import Role
from store.engine import open_engine
from store.migration import upgrade
from tests.browser.conftest import CHROMIUM
from tests.browser.walk import NEXT, answer_mildly, open_form, press
from tests.browser.world import World, build_world, served

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
PHONE: ViewportSize = {"width": 390, "height": 844}
LONGEST = 1_700
"""Pixels of a long page that are drawn."""
COLOURS = 32
LARGEST = 60_000
"""Bytes of one picture."""


def until(page: Page, layout: str) -> None:
    """Answer mildly until a question with this layout is on the page."""
    while not page.locator(f".options.{layout}").count():
        answer_mildly(page)


def cat(page: Page, world: World) -> None:
    """Show the first item of CAT."""
    begin(page, world)
    until(page, "row")


def nrs(page: Page, world: World) -> None:
    """Show a numeric rating of pain."""
    begin(page, world, "LRS")
    until(page, "long-row")


def danger(page: Page, world: World) -> None:
    """Show the notice of a danger answer."""
    begin(page, world)
    page.get_by_label("Ja", exact=True).check()
    press(page, NEXT)


def review(page: Page, world: World) -> None:
    """Show all answers before they are sent."""
    begin(page, world)
    while "/p/q/" in page.url:
        answer_mildly(page)


def receipt(page: Page, world: World) -> None:
    """Show the receipt."""
    review(page, world)
    press(page, "Send mine svar")


def start(page: Page, world: World) -> None:
    """Show the first page."""
    begin(page, world)
    page.goto("/p/start")


def leave(page: Page, world: World) -> None:
    """Show how not to answer."""
    begin(page, world)
    page.goto("/p/leave")


def answers(page: Page, world: World) -> None:
    """Show what was sent and what the clinic said."""
    invited = world.invite()
    page.goto(f"/p/i/{invited.token}")
    world.answer(invited)
    world.decide(invited, "GREEN")
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.read(world.demo.clinic_id, doctor) as tx:
        decision = tx.decisions.newest(invited.enrolment_id)
    assert decision is not None
    world.services.use_cases.around.release(doctor, invited.enrolment_id, decision.id)
    page.goto("/p/answers")


def begin(page: Page, world: World, package: str = "KOL") -> None:
    """Open a patient's link and begin."""
    open_form(page, world.invite(package=package).token)


DRAWN: Mapping[str, Callable[[Page, World], None]] = {
    "start": start,
    "cat": cat,
    "nrs": nrs,
    "danger-notice": danger,
    "review": review,
    "receipt": receipt,
    "not-answering": leave,
    "my-answers": answers,
}
"""Name of the picture -> how its page is reached."""


def draw(directory: Path) -> tuple[Path, ...]:
    """Draw every picture into a directory; return the files."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-lcd-text"])
        files = tuple(_drawn(browser, directory, name) for name in DRAWN)
        browser.close()
    return files


def _drawn(browser: Browser, directory: Path, name: str) -> Path:
    file = directory / f"{name}.png"
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/screens.db"
        upgrade(open_engine(url))
        world = build_world(Path(place), url)
        with served(world.app) as address:
            context = browser.new_context(base_url=address, viewport=PHONE, locale="da-DK", java_script_enabled=False)
            page = context.new_page()
            DRAWN[name](page, world)
            height = min(int(page.evaluate("document.documentElement.scrollHeight")), LONGEST)
            page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": PHONE["width"], "height": height})
            _shrink(file)
            context.close()
        world.services.store.close()
    return file


def _shrink(file: Path) -> None:
    """Keep as many colours as a page of text has."""
    with Image.open(file) as drawn:
        small = drawn.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


if __name__ == "__main__":
    SCREENS.mkdir(parents=True, exist_ok=True)
    for drawn in draw(SCREENS):
        size = os.path.getsize(drawn)
        sys.stdout.write(f"{drawn.name}: {size} bytes\n")
        if size > LARGEST:
            sys.exit(f"{drawn.name} is larger than {LARGEST} bytes")
