"""How the worklist is kept, as content: days for every urgency, none longer for what is more urgent."""

import json
from datetime import UTC, date, datetime

import pytest

from delivery.worklist import FIRST, OTHERS, known_after
from delivery.worklist_file import HERE, load_worklist, parse_worklist
from kernel.errors import ContentError
from scoring.levels import Colour, Urgency

RAW = json.loads((HERE / "worklist-1.0.0.json").read_text(encoding="utf-8"))
LATE = datetime(2027, 1, 11, 23, 30, tzinfo=UTC)


def parsed(**other):
    return parse_worklist(json.dumps({**RAW, **other}).encode(), "worklist-1.0.0.json")


def test_the_shipped_file_puts_emergencies_first_and_counts_danish_days():
    rule = load_worklist()

    assert (rule.tier(Urgency.EMERGENCY), rule.tier(Urgency.SAME_DAY)) == (FIRST, OTHERS)
    assert rule.due_day(LATE, Urgency.SAME_DAY) == date(2027, 1, 12)
    assert rule.due_day(LATE, Urgency.WITHIN_1_WEEK) == date(2027, 1, 19)


@pytest.mark.parametrize(
    ("other", "named"),
    [
        pytest.param({"dueDays": {**RAW["dueDays"], "same-day": 8}}, "same-day", id="more urgent, more days"),
        pytest.param({"dueDays": {**RAW["dueDays"], "emergency": -1}}, "emergency", id="before the answer"),
        pytest.param(
            {"dueDays": {name: days for name, days in RAW["dueDays"].items() if name != "routine"}},
            "routine",
            id="an urgency without days",
        ),
        pytest.param({"dueDays": {**RAW["dueDays"], "soon": 1}}, "soon", id="no urgency"),
        pytest.param({"first": ["red"]}, "first", id="no urgency stands first"),
        pytest.param({"longestPostponementDays": 0}, "longestPostponementDays", id="no day to put off"),
        pytest.param({"colour": "red"}, "colour", id="unknown field"),
    ],
)
def test_an_unsound_file_is_refused_by_the_name_of_its_field(other, named):
    with pytest.raises(ContentError, match=named):
        parsed(**other)


def test_a_day_to_put_off_is_enough():
    assert parsed(longestPostponementDays=1).longest_postponement == 1


@pytest.mark.parametrize(
    ("decided", "known"),
    [(Colour.GREEN, Colour.GREEN), (Colour.YELLOW, Colour.YELLOW), (Colour.RED, Colour.YELLOW)],
)
def test_after_a_decision_red_is_always_news(decided, known):
    assert known_after(decided) is known
