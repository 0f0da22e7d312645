"""The words of the record note are content: what could not be written stops the start."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from delivery.note_file import HERE, load_note, parse_note
from kernel.errors import ContentError

NAME = "note-1.0.0.json"
SHIPPED = json.loads((Path(HERE) / NAME).read_bytes())


def parsed(change):
    content = deepcopy(SHIPPED)
    change(content)
    return parse_note(json.dumps(content).encode(), NAME)


def test_a_package_says_its_own_words_and_for_the_rest_those_of_all():
    own = {"first": "{date} {author}", "headings": {"goal": "Ønske"}}
    found = parsed(lambda content: content["packages"].update(KOL=own))

    copd = found.of_package("KOL")
    assert copd.texts["first"] == "{date} {author}"
    assert (copd.headings["goal"], copd.headings["plan"]) == ("Ønske", "Plan")
    assert copd.colours == found.words.colours
    assert found.of_package("T2D") is found.words


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda one: one["words"].update(first="Vurderet."),
            r"\.words\.first: a text with these places: .author., .date.",
        ),
        (lambda one: one["words"].update(by=" {navn}"), r"\.words\.by: a text with these places: .date."),
        (lambda one: one["words"].update(noPlan="{plan}"), r"\.words\.noPlan: a text with these places: none"),
        (lambda one: one["words"].update(more="m.m. {"), r"\.words\.more: a text whose braces hold places"),
        (lambda one: one["words"]["colours"].pop("RED"), r"\.words\.colours\.RED: a text is expected"),
        (lambda one: one["words"]["needs"].update(BLUE="x"), r"\.words\.needs: unknown field BLUE"),
        (lambda one: one["words"].update(farewell="x"), r"\.words: unknown field farewell"),
        (lambda one: one["packages"].update(KOL={"x": "y"}), r"\.packages\.KOL: unknown field x"),
        (lambda one: one["packages"].update(KOL={"first": "x"}), r"\.packages\.KOL\.first: a text with these places"),
        (lambda one: one.update(longest=601), r"\.longest: a number from 500 to 600 is expected"),
        (lambda one: one.update(longest=499), r"\.longest: a number from 500 to 600 is expected"),
    ],
)
def test_words_that_could_not_be_written_stop_the_start(change, told):
    with pytest.raises(ContentError, match=told):
        parsed(change)


@pytest.mark.parametrize("longest", [500, 600])
def test_the_shortest_and_the_longest_note_are_allowed(longest):
    assert parsed(lambda content: content.update(longest=longest)).longest == longest


def test_a_directory_without_words_stops_the_start(tmp_path):
    with pytest.raises(ContentError, match="there is no record note"):
        load_note(tmp_path)
