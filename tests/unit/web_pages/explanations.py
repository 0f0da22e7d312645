"""The explanations kept as files and read by eye: `python -m tests.unit.web_pages.explanations` writes them anew."""

import re
import tempfile
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path

from questionnaires.model import Coded
from store.engine import open_engine
from store.migration import upgrade
from tests.browser.world import Invited, World, build_world
from tests.released import RELEASED
from tests.unit.web_pages.desk import Desk

KEPT = Path(__file__).parents[2] / "fixtures" / "explanations"
SECTION = re.compile(r'<section aria-labelledby="suggestion">(.*?)</section>', re.DOTALL)
WHEN = re.compile(r"\d+\. \w+ \d{4} kl\. \d\d\.\d\d")
BLOCK = re.compile(r"</?(?:p|div|h\d|ul|li|tr|details|summary|table|thead|tbody|section)\b[^>]*>")
CELL = re.compile(r"</(?:td|th)>")


def choices(questionnaire: str, *points: int) -> dict[str, Coded]:
    """Answer the choices of a questionnaire in order."""
    items = [item for item in RELEASED.questionnaires.newest(questionnaire).by_link_id.values() if item.options]
    return {
        item.link_id.replace("-", "_"): Coded(item.options[0].system, str(one))
        for item, one in zip(items, points, strict=True)
    }


def kol_red(world: World) -> Invited:
    """Two new signs of a flare-up at the start."""
    invited = world.invite()
    world.answer(invited, kol_status_4=True, kol_status_5=True, **choices("cat", 3, 3, 3, 3, 2, 2, 2, 2))
    return invited


def kol_worse(world: World) -> Invited:
    """A calm start that was assessed, and a CAT that rose by 6 since."""
    invited = world.invite()
    world.answer(invited, **choices("cat", 1, 2, 1, 2, 2, 1, 2, 1))
    world.decide(invited, "GREEN")
    invited = world.ask_again(invited, days=100)
    world.answer(invited, **choices("cat", 2, 3, 2, 3, 2, 2, 2, 2))
    return invited


def kol_gap(world: World) -> Invited:
    """Only the questions about danger were sent: the rest is missing."""
    invited = world.invite()
    form = world.services.use_cases.form
    visit = form.open(invited.token)
    world.fill(visit)
    form.send(visit, form.overview(visit).forms[0].request.id)
    return invited


def lrs_calm(world: World) -> Invited:
    """Everything about the back is as mild as can be."""
    invited = world.invite("Sverre Mosebryggeren", "LRS")
    world.answer(invited)
    return invited


def lrs_cauda(world: World) -> Invited:
    """Numbness that points at the cauda equina."""
    invited = world.invite("Sverre Mosebryggeren", "LRS")
    world.answer(invited, lrs_flags_01=True)
    return invited


STORIES: Mapping[str, Callable[[World], Invited]] = {
    story.__name__.replace("_", "-"): story for story in (kol_red, kol_worse, kol_gap, lrs_calm, lrs_cauda)
}
"""Name of the file -> what the patient lived through."""


def explained(world: World, name: str) -> str:
    """Return what the page says of the suggestion, line by line, without when it was made."""
    page = Desk(world).get(f"/clinic/enrolments/{STORIES[name](world).enrolment_id}")
    found = SECTION.search(page)
    assert found
    text = CELL.sub(" | ", BLOCK.sub("\n", found.group(1)))
    lines = (" ".join(line.split()) for line in unescape(re.sub(r"<[^>]+>", " ", text)).splitlines())
    return WHEN.sub("DATO", "\n".join(line.removesuffix(" |") for line in lines if line)) + "\n"


def main() -> None:
    """Write every file anew, to be read by eye before it is committed."""
    KEPT.mkdir(exist_ok=True)
    for name in STORIES:
        with tempfile.TemporaryDirectory() as place:
            url = f"sqlite:///{place}/story.db"
            upgrade(open_engine(url))
            world = build_world(Path(place), url)
            (KEPT / f"{name}.txt").write_text(explained(world, name), encoding="utf-8")
            world.services.store.close()


if __name__ == "__main__":
    main()
