"""`make screens`: draws pages of patient and clinic into docs/screens, from the application, in Chromium.

`python -m tests.browser.screens worklist trend` draws those only.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from security.actor import Role
from store.engine import open_engine
from store.migration import upgrade
from tests.browser.conftest import CHROMIUM
from tests.browser.walk import NEXT, answer_mildly, open_form, press, sign_in
from tests.browser.world import Invited, World, build_world, served
from tests.unit.web_pages.explanations import choices

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
TOP = "one => one.getBoundingClientRect().top + scrollY"
WITHOUT_COLOUR = "document.documentElement.style.filter = 'grayscale(1)'"
LONGEST = 1_700
"""Pixels of a long page that are drawn."""
COLOURS = 64
LARGEST = 150_000
"""Bytes of one picture."""
MILD, WORSE, WORST = (1, 1, 1, 2, 1, 1, 2, 1), (2, 2, 1, 2, 2, 1, 2, 2), (3, 4, 3, 4, 3, 3, 3, 4)
"""Points of CAT, answer by answer."""


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


def clinic(page: Page, world: World) -> Invited:
    """Let a morning pass: a red after three answers, a patient who was only asked, and one decided on; sign in."""
    worsened = world.invite()
    world.answer(worsened, **choices("cat", *MILD))
    world.decide(worsened, "GREEN")
    for points in (WORSE, WORST):
        worsened = world.ask_again(worsened, days=100)
        world.answer(worsened, kol_status_4=points is WORST, kol_status_5=points is WORST, **choices("cat", *points))
    decided = world.invite("Sverre Mosebryggeren")
    world.answer(decided)
    world.decide(decided, "GREEN")
    world.answer(world.invite("Niels Vendelboe", "LRS"))
    world.invite("Else Lauridsen")
    sign_in(page)
    return worsened


def worklist(page: Page, world: World) -> None:
    """Show who waits."""
    clinic(page, world)
    page.goto("/clinic/")


def result(page: Page, world: World) -> None:
    """Show a result with its trends."""
    page.goto(f"/clinic/enrolments/{clinic(page, world).enrolment_id}")


def decision(page: Page, world: World) -> None:
    """Show what was decided, and the note for the record."""
    case = clinic(page, world)
    world.decide(case, "RED")
    page.goto(f"/clinic/enrolments/{case.enrolment_id}#decisions")


def population(page: Page, world: World) -> None:
    """Show who is in a package."""
    clinic(page, world)
    page.goto("/clinic/population")


def monitoring(page: Page, world: World) -> None:
    """Show a month's figures."""
    world.decide(clinic(page, world), "YELLOW")
    page.goto("/clinic/monitoring")


DRAWN: Mapping[str, Callable[[Page, World], None]] = {
    "start": start,
    "cat": cat,
    "nrs": nrs,
    "danger-notice": danger,
    "review": review,
    "receipt": receipt,
    "not-answering": leave,
    "my-answers": answers,
    "worklist": worklist,
    "result": result,
    "worklist-grey": worklist,
    "result-grey": result,
    "trend": result,
    "decision": decision,
    "population": population,
    "monitoring": monitoring,
}
"""Name of the picture -> how its page is reached."""
GREY = frozenset({"worklist-grey", "result-grey"})
"""Pictures without colour, to see that nothing hangs on one."""
AT_A_DESK = frozenset({"worklist", "result", "trend", "decision", "population", "monitoring"}) | GREY
"""Pictures as wide as a screen."""
FROM: Mapping[str, str] = {"trend": "#courses", "decision": "#decide"}
"""Picture -> what of its page it begins with."""


def draw(directory: Path, names: Collection[str] = DRAWN) -> tuple[Path, ...]:
    """Draw pictures into a directory; return the files."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-lcd-text"])
        files = tuple(_drawn(browser, directory, name) for name in names)
        browser.close()
    return files


def _drawn(browser: Browser, directory: Path, name: str) -> Path:
    file = directory / f"{name}.png"
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/screens.db"
        upgrade(open_engine(url))
        world = build_world(Path(place), url)
        with served(world.app) as address:
            size = DESK if name in AT_A_DESK else PHONE
            context = browser.new_context(base_url=address, viewport=size, locale="da-DK", java_script_enabled=False)
            page = context.new_page()
            DRAWN[name](page, world)
            if name in GREY:
                page.evaluate(WITHOUT_COLOUR)
            top = int(page.locator(FROM.get(name, "body")).first.evaluate(TOP))
            height = min(int(page.evaluate("document.documentElement.scrollHeight")) - top, LONGEST)
            page.screenshot(
                path=file, full_page=True, clip={"x": 0, "y": top, "width": size["width"], "height": height}
            )
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
    for drawn in draw(SCREENS, sys.argv[1:] or DRAWN):
        size = os.path.getsize(drawn)
        sys.stdout.write(f"{drawn.name}: {size} bytes\n")
        if size > LARGEST:
            sys.exit(f"{drawn.name} is larger than {LARGEST} bytes")
