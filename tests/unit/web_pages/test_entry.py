"""What a browser posts becomes an answer of the item, or one plain fault; never something else."""

import pytest

from questionnaires.model import Coded, Item, ItemType, Option, Text
from web.patient.entry import FIELD, Entry, Posted, posted_value, read_entry

SYSTEM = "https://example.org/codes"
OPTIONS = tuple(Option(SYSTEM, code, Text(code), int(code)) for code in "012")
CHOICE = Item("a", ItemType.CHOICE, Text("Hvor?"), options=OPTIONS)
MANY = Item("a", ItemType.CHOICE, Text("Hvilke?"), options=OPTIONS, repeats=True)
YES_NO = Item("a", ItemType.BOOLEAN, Text("Ja?"))
NUMBER = Item("a", ItemType.INTEGER, Text("Hvor mange?"), min_value=0, max_value=20)
OPEN_NUMBER = Item("a", ItemType.INTEGER, Text("Hvor mange?"))
LINE = Item("a", ItemType.STRING, Text("Hvad?"), max_length=5)


@pytest.mark.parametrize(
    ("item", "posted", "answers"),
    [
        pytest.param(CHOICE, ["0"], (Coded(SYSTEM, "0"),), id="lowest option, which is falsy as a number"),
        pytest.param(MANY, ["2", "0"], (Coded(SYSTEM, "0"), Coded(SYSTEM, "2")), id="several, in the item's order"),
        pytest.param(YES_NO, ["true"], (True,), id="yes"),
        pytest.param(YES_NO, ["false"], (False,), id="no"),
        pytest.param(NUMBER, ["0"], (0,), id="lowest number"),
        pytest.param(NUMBER, [" 20 "], (20,), id="highest number, with blanks round it"),
        pytest.param(OPEN_NUMBER, ["-3"], (-3,), id="a number without limits"),
        pytest.param(LINE, ["12345"], ("12345",), id="longest text"),
    ],
)
def test_what_was_entered_is_read_and_can_be_shown_again(item, posted, answers):
    entry = read_entry(item, Posted({FIELD: posted}))

    assert entry == Entry(answers)
    assert read_entry(item, Posted({FIELD: [posted_value(answer) for answer in entry.answers]})) == entry


@pytest.mark.parametrize(
    ("item", "posted", "fault"),
    [
        pytest.param(CHOICE, [], "choose", id="nothing chosen"),
        pytest.param(YES_NO, [""], "choose", id="empty value"),
        pytest.param(NUMBER, ["  "], "write", id="nothing written"),
        pytest.param(CHOICE, ["3"], "invalid", id="no such option"),
        pytest.param(CHOICE, ["0", "1"], "invalid", id="two where one is asked"),
        pytest.param(MANY, ["0", "7"], "invalid", id="one of several is no option"),
        pytest.param(YES_NO, ["1"], "invalid", id="neither yes nor no"),
        pytest.param(NUMBER, ["to"], "number", id="a word"),
        pytest.param(NUMBER, ["2,5"], "number", id="decimals"),
        pytest.param(NUMBER, ["²"], "number", id="a digit that is no ASCII digit"),
        pytest.param(NUMBER, ["-1"], "range", id="just too low"),
        pytest.param(NUMBER, ["21"], "range", id="just too high"),
        pytest.param(OPEN_NUMBER, ["1234567890"], "number", id="more digits than any count has"),
        pytest.param(LINE, ["123456"], "too-long", id="one character too many"),
    ],
)
def test_what_cannot_be_used_is_named_and_gives_no_answer(item, posted, fault):
    assert read_entry(item, Posted({FIELD: posted})) == Entry(fault=fault)
