"""Nothing is lost: browser or server killed after each answer of CAT and STarT Back, and the form taken up again."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cli.seed import TEST_PERSONS
from store.engine import open_engine
from store.tables.draft import DraftRow
from store.tables.response import ResponseRow
from tests.browser.walk import answer_mildly, open_form, press
from tests.installation import Installation, installed
from tests.proof.engine import REGISTRY
from tests.proof.extent import FULL, extent

TITLE = "The battery test: killed after each answer"
KEPT = "Dit svar er gemt."
CASES = {"cat": ("KOL", 8), "startback": ("LRS", 9)}
"""Questionnaire -> package that asks it, and how many questions it has."""
EVERY = [(name, killed) for name in CASES for killed in ("browser", "server")]
QUICK = [("startback", "server")]
"""CAT with its browser killed after each answer is in `make test`: tests/browser/test_nothing_lost.py."""


def enrolled(here: Installation, package: str) -> str:
    """Enrol a test person, and wait for the link in the message."""
    identifier, name = TEST_PERSONS[0]
    story = here.story
    body = {"identifier": identifier, "name": name, "package": package}
    story.call("POST", f"{story.web}/api/v1/enrolments", json=body)
    message = story.wait("the message on the phone", lambda: story.messages(name))[0]
    return str(message["link"]).rpartition("/")[2]


def choose(page, place):
    """Answer the question that is shown by its first, second, ... option, or a number; return what was chosen."""
    radios = page.get_by_role("radio")
    if radios.count():
        chosen = radios.nth(place % radios.count())
        value = chosen.get_attribute("value")
        chosen.check()
    else:
        value = "0"
        page.get_by_role("textbox").fill(value)
    expect(page.get_by_text(KEPT)).to_be_visible()
    return value


def chosen_on(page):
    checked = page.locator("input:checked")
    return checked.get_attribute("value") if checked.count() else page.get_by_role("textbox").input_value()


@pytest.mark.parametrize(("name", "killed"), EVERY if FULL else QUICK)
def test_killed_after_each_answer_nothing_is_lost(browser, tmp_path, sqlite_url, ledger, name, killed):
    package, questions = CASES[name]
    most = extent(2, questions)
    lost = kills = 0
    with installed(tmp_path, sqlite_url, f"battery-{name}-{killed}") as here:
        token = enrolled(here, package)

        def fresh():
            context = browser.new_context(base_url=here.addresses.web, viewport={"width": 390, "height": 800})
            page = context.new_page()
            open_form(page, token)
            return page

        def kill(page):
            page.context.close()
            if killed == "server":
                here.crash("web")

        page = fresh()
        while "/p/q/" in page.url:
            if page.get_by_text(REGISTRY.newest(name).title.da, exact=True).count() == 0 or kills == most:
                answer_mildly(page)
                continue
            value, where = choose(page, kills), page.url
            kill(page)
            kills += 1
            page = fresh()
            lost += page.url != where or chosen_on(page) != value
            press(page, "Næste")
        drafts = rows_of(sqlite_url, DraftRow)
        press(page, "Send mine svar")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tak. Dine svar er sendt")
        responses = rows_of(sqlite_url, ResponseRow)
    asked = {row.request_id for row in drafts}
    ledger.add(TITLE, form=name, killed=killed, kills=kills, answers_lost=lost, responses=len(responses))
    assert kills == most
    assert lost == 0
    assert len(asked) == len(drafts)
    assert sorted(row.request_id for row in responses) == sorted(asked)
    assert rows_of(sqlite_url, DraftRow) == []


def rows_of(database_url, row):
    """Read a whole table, as somebody beside the service."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        found = connection.execute(select(row.__table__)).all()
    engine.dispose()
    return found
