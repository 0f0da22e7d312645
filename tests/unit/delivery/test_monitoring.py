"""Figures of monitoring: made of counts as the file says, and a file that is not sound is refused."""

import json
from datetime import date
from fractions import Fraction

import pytest

from delivery.monitoring import Count, Figure, Form, Measure, Tally, figure, month_after
from delivery.monitoring_file import HERE, load_monitoring, parse_monitoring
from kernel.errors import ContentError
from questionnaires.model import Text

NAME = "monitoring-1.0.0.json"
FILE = json.loads((HERE / NAME).read_text(encoding="utf-8"))
WORDS = {"da": "x", "en": "x"}


def a_measure(form, part, of=None):
    return Measure("one", form, part, of, (), Text("x"), Text("x"))


def a_file(**changed):
    return parse_monitoring(json.dumps({**FILE, **changed}).encode(), NAME)


@pytest.mark.parametrize(
    ("form", "found"),
    [(Form.SHARE, Figure(3, 8, Fraction(75, 2))), (Form.PER_100, Figure(3, 8, Fraction(75, 2)))],
    ids=str,
)
def test_a_part_of_a_whole_is_counted_in_hundredths(form, found):
    tally = Tally({Count.ALERTS: 3, Count.ANSWERED: 8})

    assert figure(a_measure(form, Count.ALERTS, Count.ANSWERED), tally) == found


def test_of_nobody_there_is_no_share():
    assert figure(a_measure(Form.SHARE, Count.NOT_ANSWERED, Count.ASKED), Tally({})) == Figure(0, 0, None)


def test_a_count_is_its_number_and_none_is_nought():
    assert figure(a_measure(Form.COUNT, Count.UNMATCHED), Tally({})) == Figure(0, None, Fraction(0))


@pytest.mark.parametrize(
    ("hours", "middle"), [((1, 2, 10), Fraction(2)), ((1, 2), Fraction(3, 2)), ((), None)], ids=str
)
def test_of_times_the_middle_one_is_told(hours, middle):
    tally = Tally({}, tuple(Fraction(one) for one in hours))

    assert figure(a_measure(Form.MEDIAN_HOURS, Count.HANDLED), tally) == Figure(len(hours), None, middle)


@pytest.mark.parametrize(
    ("age", "group"), [(0, "0-49"), (49, "0-49"), (50, "50-64"), (84, "75-84"), (85, "85"), (None, "unknown")]
)
def test_an_age_has_one_group(age, group):
    assert load_monitoring().age_group(age) == group


@pytest.mark.parametrize(
    ("months", "day"),
    [(1, date(2027, 1, 1)), (0, date(2026, 12, 1)), (-12, date(2025, 12, 1)), (14, date(2028, 2, 1))],
)
def test_months_are_counted_over_the_turn_of_a_year(months, day):
    assert month_after(date(2026, 12, 1), months) == day


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"windowMonths": 0}, "windowMonths"),
        ({"annualControl": []}, "annualControl"),
        ({"ages": [{"id": "a", "from": 1, "title": WORDS}]}, "ages"),
        ({"ages": [{"id": "a", "from": 0, "title": WORDS}, {"id": "b", "from": 0, "title": WORDS}]}, "ages"),
        ({"measures": []}, "measures"),
        ({"measures": [FILE["measures"][0]] * 2}, "measures"),
        ({"measures": [{**FILE["measures"][0], "form": "mean"}]}, "form"),
        ({"measures": [{**FILE["measures"][0], "of": "asked"}]}, "of"),
        ({"measures": [{**FILE["measures"][1], "of": "everybody"}]}, "of"),
        ({"measures": [{**FILE["measures"][1], "by": ["age"]}]}, "by"),
        ({"measures": [{**FILE["measures"][4], "by": ["sex"]}]}, "by"),
        ({"measures": [{**FILE["measures"][0], "part": "handled"}]}, "part"),
        ({"measures": [{**FILE["measures"][10], "part": "asked"}]}, "part"),
        ({"version": "1.0.1"}, "monitoring-1.0.1"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_not_sound_is_refused_with_the_field(changed, named):
    with pytest.raises(ContentError, match=named):
        a_file(**changed)
