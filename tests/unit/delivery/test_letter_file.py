"""The letter is content: a fault in its texts or layout is named and stops the start, never a patient."""

import json

import pytest

from delivery.content_lock import content_hashes
from delivery.letter_file import HERE, SHAPE, load_letter, parse_letter
from delivery.print_file import LANGUAGES
from kernel.errors import ContentError
from tests.released import RELEASED

NAME = "letter-1.0.0.json"
RAW = (HERE / NAME).read_bytes()


def changed(**changes):
    return json.dumps({**json.loads(RAW), **changes}).encode()


def reworded(language, **texts):
    return changed(**{language: {**json.loads(RAW)[language], **texts}})


def test_the_letter_is_loaded_with_all_other_content_and_locked_with_it():
    locked = content_hashes()

    assert RELEASED.letter == load_letter()
    assert {"delivery/letter-1.0.0.json", "delivery/letter-1.0.0.typ"} <= locked.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [*SHAPE.names, "steps"])
def test_a_text_that_is_missing_in_one_language_is_named(language, text):
    words = json.loads(RAW)[language]
    del words[text]

    with pytest.raises(ContentError, match=rf"{language}\.{text}: "):
        parse_letter(changed(**{language: words}), NAME)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Kære {cpr}", "no place but clinic, name, phone, until", id="a place that is not filled"),
        pytest.param("Kære {}", "no place but", id="a place without a name"),
        pytest.param("Kære {name", "braces", id="a brace left open"),
        pytest.param("  ", "a text is expected", id="nothing"),
    ],
)
def test_a_text_that_could_not_be_printed_is_refused(text, said):
    with pytest.raises(ContentError, match=rf"da\.greeting: .*{said}"):
        parse_letter(reworded("da", greeting=text), NAME)


@pytest.mark.parametrize(("text", "place"), SHAPE.needed.items())
def test_a_letter_without_its_day_or_its_number_is_refused(text, place):
    with pytest.raises(ContentError, match=rf"en\.{text}: the place {{{place}}}"):
        parse_letter(reworded("en", **{text: "Call us."}), NAME)


@pytest.mark.parametrize("layout", ["letter-9.9.9.typ", "../delivery/letter-1.0.0.typ", "letter_text.py", "", None, 1])
def test_a_layout_that_is_not_there_or_lies_elsewhere_is_refused(layout):
    with pytest.raises(ContentError, match="layout: "):
        parse_letter(changed(layout=layout), NAME)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param(RAW, "letter-1.0.1.json", id="another name"),
        pytest.param(changed(colour="red"), NAME, id="an unknown field"),
        pytest.param(b"[]", NAME, id="no object"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(raw, name):
    with pytest.raises(ContentError):
        parse_letter(raw, name)


def test_without_a_letter_nothing_starts(tmp_path):
    with pytest.raises(ContentError, match="there is no letter"):
        load_letter(tmp_path)
