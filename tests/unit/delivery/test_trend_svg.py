"""The picture of a trend: what it tells those who see it and those who do not, and that nothing is turned round."""

import re
from xml.etree import ElementTree as ET

import pytest

from delivery.trend_chart import chart_of
from delivery.trend_svg import ChartWords, trend_svg
from scoring.change import Verdict
from tests.unit.scoring.test_trend import followed, shown

WORDS = ChartWords(
    "t1", "CAT <i alt>", "Høj score er værre.", {"low": "Lav"}, {Verdict.WORSE: "værre", Verdict.BETTER: "bedre"}
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(trend):
    return ET.fromstring(trend_svg(trend, WORDS))  # noqa: S314 our own picture


def told(picture, name="text"):
    return [one.text for one in picture.iter(SVG + name)]


def test_it_is_an_image_with_a_title_and_a_description():
    picture = drawn(followed("cat", "catTotal", 12, 24))

    assert picture.get("role") == "img"
    assert (picture.get("aria-labelledby"), picture.get("aria-describedby")) == ("t1-title", "t1-desc")
    assert (picture.find(f"{SVG}title").text, picture.find(f"{SVG}desc").text) == ("CAT <i alt>", "Høj score er værre.")


def test_every_point_stands_there_with_its_date_and_its_value():
    picture = drawn(followed("cat", "catTotal", 12, shown("catTotal", 20, "22.9"), 24))

    points = [group.find(f"{SVG}title").text for group in picture.iter(f"{SVG}g")]
    assert points == ["02.05.2027: 12", "12.05.2027: 22,9", "22.05.2027: 24"]


def test_bands_are_told_in_words():
    assert "Lav" in told(drawn(followed("cat", "catTotal", 12, 24)))


def test_an_important_change_has_a_word_and_a_shape_of_its_own():
    picture = drawn(followed("cat", "catTotal", 12, 13, 24))

    assert told(picture).count("værre") == 1
    shapes = [group[-1].tag.removeprefix(SVG) for group in picture.iter(f"{SVG}g")]
    assert shapes == ["circle", "circle", "path"]


def test_an_estimated_value_is_hollow():
    picture = drawn(followed("cat", "catTotal", 12, shown("catTotal", 13, estimated=True)))

    assert [circle.get("fill") for circle in picture.iter(f"{SVG}circle")] == ["#1a1a1a", "#ffffff"]


def test_the_line_is_broken_where_an_answer_could_not_be_computed():
    picture = drawn(followed("cat", "catTotal", 12, 13, shown("catTotal", None), 18))

    assert [len(line.get("points").split()) for line in picture.iter(f"{SVG}polyline")] == [2, 1]


@pytest.mark.parametrize(("questionnaire_id", "score_id"), [("cat", "catTotal"), ("psfs", "mean")])
def test_a_higher_value_stands_higher_whatever_the_direction(questionnaire_id, score_id):
    low, high = chart_of(followed(questionnaire_id, score_id, 2, 9)).points

    assert low.y > high.y
    assert low.x < high.x


def test_the_ends_of_the_scale_are_the_instruments_and_not_those_of_the_answers():
    ticks = chart_of(followed("cat", "catTotal", 12, 13)).ticks

    assert [label for _, label in ticks] == ["0", "10", "20", "30", "40"]


def test_of_two_points_too_near_to_each_other_the_newer_has_its_number():
    trend = followed("cat", "catTotal", *([12] * 30), 24)

    assert told(drawn(trend)).count("12") < 30
    assert told(drawn(trend)).count("24") == 1


def test_one_answer_alone_is_drawn():
    assert len(chart_of(followed("cat", "catTotal", 12)).points) == 1


def test_no_colour_says_anything_and_nothing_is_fetched_or_run():
    text = trend_svg(followed("cat", "catTotal", 12, 24), WORDS)

    assert {*re.findall(r"#[0-9a-f]{6}", text)} <= {"#1a1a1a", "#454545", "#747474", "#ffffff", "#eeeeee"}
    assert not re.search(r"style=|<script|href|url\(", text)
