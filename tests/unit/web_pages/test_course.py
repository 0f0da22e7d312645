"""How scores went, on the clinic's page: picture, table and Observations tell the same numbers."""

import re
from datetime import datetime
from decimal import Decimal
from html import unescape

import pytest

from delivery.recurrence import danish_date
from flow.record import RecordKind
from flow.records import Span
from questionnaires.model import Coded
from security.actor import Role
from tests.released import RELEASED

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
CAT = RELEASED.questionnaires.newest("cat")
SECTION = re.compile(r'<h3 id="trend-cat-catTotal">.*?</details>', re.DOTALL)
POINT = re.compile(r"<g><title>([\d.]+): ([\d,]+)</title>")
ROW = re.compile(r'<tr><th scope="row">([\d.]+)</th><td>([\d,]+)')


def cat(*points):
    items = [item for item in CAT.by_link_id.values() if item.options]
    return {
        item.link_id.replace("-", "_"): Coded(item.options[0].system, str(point))
        for item, point in zip(items, points, strict=True)
    }


@pytest.fixture
def followed(world):
    """A patient who answered CAT with 12, 18 and 20 points."""
    invited = world.invite()
    world.answer(invited, **cat(1, 2, 1, 2, 2, 1, 2, 1))
    for points in ((2, 2, 3, 2, 2, 3, 2, 2), (3, 3, 3, 3, 2, 2, 2, 2)):
        invited = world.ask_again(invited, days=100)
        world.answer(invited, **cat(*points))
    return invited


@pytest.fixture
def page(world, followed):
    client = world.app.test_client()
    [token] = TOKEN.findall(client.get("/clinic/login").text)
    client.post("/clinic/login", data={"csrf_token": token, "person": world.staff(Role.CLINICIAN).id})
    return unescape(client.get(f"/clinic/enrolments/{followed.enrolment_id}").text)


def observed(world):
    """Return date and value of every CAT total, as systems read it."""
    records = world.services.use_cases.records
    found = records.search(world.staff(Role.CLINICIAN), RecordKind.OBSERVATION, {}, Span(limit=100)).records
    totals = [one for one in found if one.filed.score.id == "catTotal"]
    totals.sort(key=lambda one: one.response.authored_at)
    return [(danish(one.response.authored_at), Decimal(one.filed.score.display)) for one in totals]


def danish(moment: datetime) -> str:
    return f"{danish_date(moment):%d.%m.%Y}"


def read(pairs):
    return [(day, Decimal(value.replace(",", "."))) for day, value in pairs]


def test_picture_table_and_observations_tell_the_same_numbers(world, page):
    [section] = SECTION.findall(page)

    drawn, listed = read(POINT.findall(section)), read(ROW.findall(section))

    assert [value for _, value in drawn] == [12, 18, 20]
    assert drawn == listed[::-1] == observed(world)


def test_the_section_states_direction_bands_and_what_counts_as_a_change(page):
    [section] = SECTION.findall(page)

    assert "Skala fra 0 til 40; høj score er værre." in section
    assert "En ændring på 2 eller mere regnes for betydende." in section
    assert "Lav sygdomsbyrde</text>" in section
    assert "(under\N{NO-BREAK SPACE}10)</text>" in section
    assert "<strong>+6, tydeligt værre</strong>" in section


def test_the_page_begins_with_one_sentence_that_says_it(page):
    [said] = re.findall(r'<p class="lead said-first">(.*?)</p>', page)

    [day] = re.findall(r"siden (\d\d\.\d\d\.\d{4})", said)
    assert said.startswith(f"CAT i alt 20, +2 siden {day}: forslag ")
    assert said.count(".") == 3, "the dots of the date and the one at the end"


def test_results_say_their_change_beside_them(page):
    assert '<td role="cell">+2, tydeligt værre</td>' in page


def test_answers_stand_beside_the_ones_before_and_say_which_changed(page):
    answers = page.partition('id="answers"')[2]

    assert answers.count('<span class="mark">ændret</span>') == 4, "four of the eight items of CAT"
    assert "Før: 2 (0 = " in answers
