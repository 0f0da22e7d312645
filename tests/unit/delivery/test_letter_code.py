"""The code of the letter as a telephone sees it: read from the drawn page by a reader that we did not write."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
import typst
import zxingcpp
from PIL import Image, ImageFilter

from delivery.letter_file import load_letter
from delivery.letter_text import letter_words
from tests.unit.delivery.test_letter import LETTER

CONTENT = load_letter()
PPI = 100
"""A page held half a metre before a telephone of some years ago."""
MM = PPI / 25.4
QUIET_MODULES = 4
SMALLEST_MM = 0.5
"""Side of a module, which we hold ourselves to: a longer link makes the modules smaller."""
LINKS = {
    "short": "https://svarbro.example/p/i/" + "Ab3-_" * 9,
    "long": "https://" + "a" * 60 + ".example/p/i/" + "x" * 43,
}


def drawn(link):
    """Draw the page in grey."""
    told = json.dumps(letter_words(CONTENT, replace(LETTER, link=link)))
    png = typst.compile(CONTENT.layout, sys_inputs={"told": told}, ignore_system_fonts=True, format="png", ppi=PPI)
    return Image.open(BytesIO(png)).convert("L")


@pytest.fixture(params=LINKS)
def page_and_code(request):
    page = drawn(LINKS[request.param])
    (code,) = zxingcpp.read_barcodes(page)
    return page, code, LINKS[request.param]


def test_the_only_code_of_the_page_is_the_link(page_and_code):
    _, code, link = page_and_code

    assert (code.text, code.format) == (link, zxingcpp.BarcodeFormat.QRCode)
    assert code.ec_level == "Q", "a quarter may be smudged"


def test_it_is_read_from_a_blurred_picture_turned_about(page_and_code):
    page, _, link = page_and_code

    seen = page.rotate(17, Image.Resampling.BICUBIC, expand=True, fillcolor=255).filter(ImageFilter.GaussianBlur(0.6))

    assert [code.text for code in zxingcpp.read_barcodes(seen)] == [link]


def test_its_modules_are_big_enough_and_white_is_around_them(page_and_code):
    page, code, _ = page_and_code
    corner, other = code.position.top_left, code.position.bottom_right
    modules = 17 + 4 * int(code.extra["Version"])
    side = (other.x - corner.x) / modules
    around = round(QUIET_MODULES * side) - 1

    assert side / MM >= SMALLEST_MM
    for frame in (
        (corner.x - around, corner.y - around, other.x + around, corner.y - 2),
        (corner.x - around, other.y + 2, other.x + around, other.y + around),
        (corner.x - around, corner.y - around, corner.x - 2, other.y + around),
        (other.x + 2, corner.y - around, other.x + around, other.y + around),
    ):
        assert page.crop(frame).getextrema()[0] > 200
