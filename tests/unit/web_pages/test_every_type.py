"""An item of every type is shown, answered, reviewed and sent by the same pages; a new form needs no code."""

import io
import re
from typing import Any

import pytest

from questionnaires.placed import read_placed
from questionnaires.turns import spot_of
from tests.browser.world import build_world
from tests.every_type import ask_every_type, released_with

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HEADING = re.compile(r"<h1[^>]*>(?:<label[^>]*>)?(?:<span[^>]*>)?([^<]*)")
GIVEN: dict[str, dict[str, Any]] = {
    "yes-no": {"answer": "true"},
    "decimal": {"answer": "36,7"},
    "integer": {"answer": "3"},
    "date": {"answer-day": "5", "answer-month": "3", "answer-year": "2026"},
    "moment": {"answer-day": "5", "answer-month": "3", "answer-year": "2026", "answer-hour": "8.30"},
    "time": {"answer": "8.30"},
    "string": {"answer": "ord"},
    "text": {"answer": "flere\nord"},
    "url": {"answer": "www.sundhed.dk"},
    "choice": {"answer": "1"},
    "words": {"answer": "syg"},
    "several": {"answer": ["a"]},
    "open": {"answer": "-other-", "answer-other": "noget andet"},
    "weight": {"answer": "72,5"},
    "dose": {"answer": "5", "answer-unit": "mg"},
    "lines": {"answer": ["en", "to"]},
    "days": {"answer-day": "5", "answer-month": "3", "answer-year": "2026"},
    "name": {"answer": "Panodil"},
    "daily": {"answer": "true"},
    "often": {"answer": "2"},
    "must": {"answer": "false"},
}
WORDS = {
    "decimal": "36,7",
    "date": "5. marts 2026",
    "moment": "5. marts 2026 kl. 8.30",
    "time": "kl. 8.30",
    "open": "noget andet",
    "weight": "72,5 kg",
    "dose": "5 mg",
    "lines": "en, to",
}


@pytest.fixture
def world(tmp_path, sqlite_url):
    world = build_world(tmp_path / "instance", sqlite_url, released=released_with())
    yield world
    world.services.store.close()


class Patient:
    """A browser that goes from page to page."""

    def __init__(self, world):
        self.world = world
        self.invited, self.visit, self.request_id = ask_every_type(world)
        self.client = world.app.test_client()
        self.client.get(f"/p/i/{self.invited.token}")

    @property
    def form(self):
        return self.world.services.use_cases.form

    def overview(self):
        return self.form.overview(self.visit)

    def page(self, link_id, turns=()):
        return next(one for one in self.overview().pages if one.item.link_id == link_id and (one.turns == turns))

    def post(self, address, data):
        token = TOKEN.search(self.client.get(address).text)
        assert token, address
        fields = {"csrf_token": token.group(1), **data}
        kind = "multipart/form-data" if any(isinstance(one, tuple) for one in data.values()) else None
        return self.client.post(address, data=fields, content_type=kind)


@pytest.fixture
def patient(world):
    return Patient(world)


def test_every_type_is_answered_page_by_page_and_reviewed_in_words(patient):
    address, seen = f"/p/q/{patient.overview().pages[0].number}", []
    for _ in range(40):
        if not address.startswith("/p/q/"):
            break
        shown = patient.client.get(address)
        assert shown.status_code == 200
        found = HEADING.search(shown.text)
        assert found
        heading = found.group(1)
        seen.append(heading)
        link_id = heading.removeprefix("Om ")
        data = GIVEN.get(link_id, {})
        if link_id == "file":
            data = {"answer": (io.BytesIO(b"\x89PNG"), "ryg.png", "image/png")}
        answered = patient.post(address, {"do": "next", **data})
        assert answered.status_code == 303, (heading, answered.text)
        address = answered.location
    review = patient.client.get(address).text

    assert address == "/p/review"
    assert len(seen) == len(set(seen)) == 24
    assert [words for words in WORDS.values() if words not in review] == []
    assert "ryg.png (1 kB)" in review
    patient.form.send(patient.visit)
    with patient.world.services.store.read(patient.visit.clinic_id, patient.visit.actor) as tx:
        raw = tx.responses.raw(tx.responses.of_request(patient.request_id).id)
    placed = read_placed(raw, patient.world.services.content.questionnaires)
    assert {"decimal", "file", "must", "often"} <= set(placed.answers)


def test_a_group_is_told_of_again_and_the_last_one_is_taken_away(patient):
    first = patient.page("name", (1,))
    patient.form.save(patient.visit, patient.request_id, first.spot, ("Pinex",))
    end = patient.page("medicine", (1,))
    again = patient.post(f"/p/q/{end.number}", {"do": "more"})
    assert again.location.endswith("?turn=2")

    patient.post(again.location, {"do": "next", **GIVEN["name"]})
    answered = patient.overview()
    name = next(one for one in answered.pages if one.spot == spot_of("name", (2,)))
    assert name.answers == ("Panodil",)
    assert "nr. 2" in patient.client.get(again.location).text
    end = patient.page("medicine", (2,))
    removed = patient.post(f"/p/q/{end.number}?turn=2", {"do": "remove"})

    assert removed.status_code == 303
    assert [one.turns for one in patient.overview().pages if one.item.link_id == "name"] == [(1,)]


def test_a_question_that_must_be_answered_offers_no_skip(patient):
    address = f"/p/q/{patient.page('must').number}"

    shown = patient.client.get(address).text
    refused = patient.post(address, {"do": "skip-confirmed"})

    assert 'value="skip"' not in shown
    assert refused.status_code == 422


def test_one_more_line_comes_on_the_same_page(patient):
    address = f"/p/q/{patient.page('lines').number}"

    again = patient.post(address, {"do": "line", "answer": ["en"]})

    assert again.location == address
    assert len(re.findall(r'name="answer" ', patient.client.get(address).text)) == 2


def test_help_stands_on_the_page_of_what_it_explains_and_is_no_page_of_its_own(patient):
    address = f"/p/q/{patient.page('date').number}"

    assert "Om date-help" in patient.client.get(address).text
    assert "date-help" not in [page.item.link_id for page in patient.overview().pages]


def test_a_file_is_let_in_only_where_a_form_is_open(world):
    stranger = world.app.test_client()
    large = {"answer": (io.BytesIO(b"x" * 300_000), "a.png", "image/png")}

    assert stranger.post("/p/q/1", data=large, content_type="multipart/form-data").status_code == 401
