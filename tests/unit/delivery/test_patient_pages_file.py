"""What the patient's pages promise is content: read once, and refused when it is not sound."""

import json
from datetime import timedelta

import pytest

from delivery.patient_pages import HERE, load_patient_pages, parse_patient_pages
from kernel.errors import ContentError
from scoring.decision import DECIDABLE

NAME = "patient_pages-1.0.0.json"
SOUND = json.loads((HERE / NAME).read_text(encoding="utf-8"))


def parsed(**changed):
    return parse_patient_pages(json.dumps({**SOUND, **changed}).encode(), NAME)


def test_the_file_is_sound():
    pages = load_patient_pages()

    assert pages.unsent_danger == timedelta(minutes=30)
    assert pages.pause_weeks == tuple(sorted(pages.pause_weeks))
    assert set(pages.results) == set(DECIDABLE)


def test_no_word_to_the_patient_names_a_colour():
    words = " ".join(f"{text.da} {text.en}" for text in load_patient_pages().results.values()).lower()

    assert [colour for colour in ("rød", "gul", "grøn", "red ", "yellow", "green") if colour in words] == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"unsentDangerMinutes": 0}, "unsentDangerMinutes"),
        ({"readWithinOpenMinutes": 0}, "readWithinOpenMinutes"),
        ({"pauseWeeks": []}, "pauseWeeks"),
        ({"pauseWeeks": [0, 4]}, "pauseWeeks"),
        ({"pauseWeeks": [4, 2]}, "pauseWeeks"),
        ({"pauseWeeks": [4, 4]}, "pauseWeeks"),
        ({"results": {"GREEN": {"da": "a", "en": "a"}}}, "YELLOW"),
        ({"results": {**SOUND["results"], "BLUE": {"da": "a", "en": "a"}}}, "BLUE"),
        ({"minutes": 1}, "minutes"),
        ({"version": "1.0.1"}, "patient_pages-1.0.1.json"),
    ],
)
def test_what_is_not_sound_is_refused_by_name(changed, named):
    with pytest.raises(ContentError, match=named):
        parsed(**changed)


def test_a_release_without_the_file_does_not_start(tmp_path):
    with pytest.raises(ContentError):
        load_patient_pages(tmp_path)
