"""A level is a word, a shape and a colour: it can be read in greyscale, and its colours are strong enough (C2)."""

import json
import re
from html import unescape
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from scoring.levels import Colour
from web.pages import init_pages

WEB = Path(__file__).parents[3] / "web"
STYLES = (WEB / "static/pages.css").read_text(encoding="utf-8")
WORDS = json.loads((WEB / "templates/texts/da.json").read_text(encoding="utf-8"))
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
BADGE = '{% from "clinic/parts.html" import badge, need with context %}{{ NAME(colour) }}'
FORM = re.compile(r"<(?:path|circle|rect)\b[^>]*>")
TEXT_AT_LEAST, GRAPHIC_AT_LEAST = 4.5, 3.0
"""WCAG 2.2, 1.4.3 and 1.4.11."""


def declared():
    """Return what the stylesheet says outside of media queries: selector -> property -> value, the last one counts."""
    plain = re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL)
    plain = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", plain)
    found: dict[str, dict[str, str]] = {}
    for selectors, body in RULE.findall(plain):
        values = dict(one.strip().split(":", 1) for one in body.split(";") if one.strip())
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update({name: value.strip() for name, value in values.items()})
    return found


RULES = declared()


def colour_of(value):
    """Return red, green and blue of a colour of the stylesheet."""
    named = re.fullmatch(r"var\((--[\w-]+)\)", value)
    digits = (RULES[":root"][named[1]] if named else value).removeprefix("#")
    whole = digits if len(digits) == 6 else "".join(one * 2 for one in digits)
    return [int(whole[place : place + 2], 16) for place in (0, 2, 4)]


def luminance(value):
    """Compute the relative luminance as WCAG 2.2 defines it."""
    parts = [part / 255 for part in colour_of(value)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def drawn(colour, macro="badge"):
    app = Flask("web", template_folder=str(WEB / "templates"))
    init_pages(app)
    with app.test_request_context("/clinic/"):
        return unescape(render_template_string(BADGE.replace("NAME", macro), colour=colour.value))


def badge_of(colour):
    return RULES[f".badge.{colour.value.lower()}"]


def test_contrast_is_computed_as_published():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("colour", Colour)
@pytest.mark.parametrize(("macro", "words"), [("badge", "clinic.colour."), ("need", "clinic.need.")])
def test_a_level_is_said_by_a_word_a_shape_and_a_colour(colour, macro, words):
    badge = drawn(colour, macro)

    assert WORDS[f"{words}{colour.value}"] in re.sub(r"<[^>]+>", "", badge)
    assert len(FORM.findall(badge)) == 1
    assert f'class="badge {colour.value.lower()}"' in badge


@pytest.mark.parametrize(("one", "other"), list(combinations(Colour, 2)))
def test_no_two_levels_share_a_word_a_shape_or_a_colour(one, other):
    assert WORDS[f"clinic.colour.{one.value}"] != WORDS[f"clinic.colour.{other.value}"]
    assert FORM.findall(drawn(one)) != FORM.findall(drawn(other))
    assert badge_of(one) != badge_of(other)


def test_the_octagon_has_a_mark_that_the_disc_has_not():
    [octagon], [disc] = FORM.findall(drawn(Colour.RED)), FORM.findall(drawn(Colour.GREEN))

    # Sixteen pixels of octagon and disc look alike without colour; a mark of three outlines cannot be taken for a disc.
    assert 'fill-rule="evenodd"' in octagon
    assert len(re.findall(r"[Mm]", octagon.partition(' d="')[2])) == 3
    assert disc.startswith("<circle")


@pytest.mark.parametrize("colour", Colour)
def test_the_words_of_a_level_stand_out(colour):
    assert contrast(RULES[".badge"]["color"], badge_of(colour)["background"]) >= TEXT_AT_LEAST


@pytest.mark.parametrize("colour", Colour)
def test_the_edge_of_a_level_stands_out_from_the_page_and_from_its_inside(colour):
    badge = badge_of(colour)

    for ground in ("var(--paper)", "var(--ground)", badge["background"]):
        assert contrast(badge["border-color"], ground) >= GRAPHIC_AT_LEAST, ground


@pytest.mark.parametrize("colour", Colour)
def test_the_shape_of_a_level_stands_out_from_its_inside(colour):
    rule = ".badge .hollow" if colour is Colour.UNKNOWN else f".badge.{colour.value.lower()} svg"
    ink = RULES[rule]["stroke" if colour is Colour.UNKNOWN else "fill"]

    assert contrast(ink, badge_of(colour)["background"]) >= GRAPHIC_AT_LEAST


@pytest.mark.parametrize("place", [".headline", ".decided"])
@pytest.mark.parametrize("colour", [Colour.RED, Colour.YELLOW, Colour.GREEN])
def test_the_stripe_beside_what_is_suggested_or_decided_stands_out(colour, place):
    stripe = RULES[f"{place}.{colour.value.lower()}"]["border-left-color"]

    assert contrast(stripe, "var(--paper)") >= GRAPHIC_AT_LEAST
