"""The code of the letter as a telephone sees it: on the drawn page, every module in its place, and white around it."""

import json
from dataclasses import replace

import pytest
import segno
import typst

from delivery.letter_file import load_letter
from delivery.letter_text import letter_words
from tests.picture import dark_pixels
from tests.unit.delivery.test_letter import LETTER

CONTENT = load_letter()
SIDE_MM, LEFT_MM, QUIET = 46.0, 210.0 - 22.0 - 46.0, 4
PIXELS = 3
"""Of a module's side on the drawn page."""
SMALLEST_MM = 0.5
"""Side of a module, which we hold ourselves to: a longer link makes the modules smaller."""
LINKS = {
    "short": "https://svarbro.example/p/i/" + "Ab3-_" * 9,
    "long": "https://" + "a" * 60 + ".example/p/i/" + "x" * 43,
}


def matrix(link):
    """Return the code of a link by a library that we did not write: rows of dark and light."""
    return [[bool(module) for module in row] for row in segno.make(link, error="q", micro=False).matrix]


def drawn(link, modules):
    """Draw the page so that a module is a whole number of pixels."""
    told = json.dumps(letter_words(CONTENT, replace(LETTER, link=link)))
    ppi = PIXELS * (modules + 2 * QUIET) * 25.4 / SIDE_MM
    png = typst.compile(CONTENT.layout, sys_inputs={"told": told}, ignore_system_fonts=True, format="png", ppi=ppi)
    return dark_pixels(png), ppi / 25.4


def top_of(page, column):
    """Find the left bar of the upper corner: seven modules of dark below one of light."""
    is_dark = [row[column] for row in page]
    bar = [False] * PIXELS + [True] * (7 * PIXELS - 2)
    return next(y for y in range(len(page)) if is_dark[y : y + len(bar)] == bar) + PIXELS


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_what_is_drawn_is_the_code_of_the_link_with_white_around_it(link):
    code = matrix(link)
    page, pixels_a_mm = drawn(link, len(code))
    left = round(LEFT_MM * pixels_a_mm) + QUIET * PIXELS
    middle = PIXELS // 2
    top = top_of(page, left + middle)

    def module(row, column):
        return page[top + row * PIXELS + middle][left + column * PIXELS + middle]

    around = range(-QUIET, len(code) + QUIET)
    seen = [[module(row, column) for column in around] for row in around]
    framed = [[False] * len(around)] * QUIET
    for row in code:
        framed = [*framed, [False] * QUIET + row + [False] * QUIET]
    assert seen == [*framed, *[[False] * len(around)] * QUIET]
    assert SIDE_MM / len(around) >= SMALLEST_MM
