"""The margin of a trend's picture: every band has its words, apart from each other and from what is drawn."""

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

from delivery.trend_chart import chart_of
from delivery.trend_svg import trend_svg
from tests.unit.delivery.test_trend_svg import SVG, WORDS, drawn, told
from tests.unit.scoring.test_trend import followed


def test_the_words_of_bands_stand_beside_the_scale_and_not_on_it():
    trend = followed("cat", "catTotal", 12, 24)
    chart = chart_of(trend, {"low": "Lav sygdomsbyrde (under 10)", "high": "Høj"})
    picture = ET.fromstring(trend_svg(trend, replace(WORDS, bands={"low": "Lav sygdomsbyrde (under 10)"})))  # noqa: S314

    assert [words.lines for words in chart.words] == [("Høj",), ("Lav sygdomsbyrde", "(under\N{NO-BREAK SPACE}10)")]
    [first] = [one for one in picture.iter(f"{SVG}text") if one.text == "Lav sygdomsbyrde"]
    assert float(first.attrib["x"]) > chart.right
    assert all(point.x < chart.right for point in chart.points)


def test_words_of_low_bands_are_kept_and_moved_apart():
    chart = chart_of(followed("nrs-pain", "score", 1), {"none": "Ingen", "mild": "Let", "moderate": "Moderat"})
    *_, mild, none = chart.words

    assert (mild.lines, none.lines) == (("Let",), ("Ingen",))
    assert none.top + none.height <= chart.bottom
    assert mild.top + mild.height < none.top


def test_a_scale_grows_with_words_that_need_more_room():
    words = dict.fromkeys(("low", "medium", "high", "very-high"), "meget " * 20)
    small, large = (chart_of(followed("cat", "catTotal", 12), one) for one in ({}, words))

    assert large.bottom > small.bottom
    assert large.words[-1].top + large.words[-1].height <= large.bottom
    assert all(above.top + above.height < below.top for above, below in pairwise(large.words))


def test_without_words_the_scale_takes_the_whole_width():
    narrow, wide = (chart_of(followed("cat", "catTotal", 12), one) for one in ({"low": "Lav"}, {}))

    assert narrow.right < wide.right


def test_a_long_number_at_the_edge_has_its_room():
    chart = chart_of(followed("eq5d5l-dk", "index", 0))

    assert chart.ticks[0][1] == "−0,758"
    assert chart.left > chart_of(followed("cat", "catTotal", 12)).left


def test_a_word_that_would_lie_on_its_neighbour_is_left_to_the_table_and_the_shape_stays():
    picture = drawn(followed("cat", "catTotal", *([12, 24] * 12)))

    assert 0 < told(picture).count("værre") < 12
    assert len([one for one in picture.iter(f"{SVG}path") if one.get("fill") == "#1a1a1a"]) == 23
