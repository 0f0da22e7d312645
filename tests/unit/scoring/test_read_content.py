"""What is read from a file of content is what the file says, field by field."""

import json
from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.model import Text
from scoring.change import Change
from scoring.derived_file import read_derived
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow
from scoring.needs_file import read_needs_table
from scoring.table import Ceiling
from scoring.table_file import read_table
from tests.unit.questionnaires.forms import integer, item, registry
from tests.unit.scoring.content import CATALOGUE, load, shipped, small_rule, small_score

KOL, NEEDS, GOLD = shipped("tables/alert-kol"), shipped("tables/needs-generic"), shipped("rules/gold-abe")


def read(reader, content, name, *more):
    raw = json.dumps(content).encode()
    return reader(Fields.of_bytes(raw, name), raw, *more)


def table(**changes):
    return read(read_table, KOL | changes, "alert-kol-2.0.0.json")


def row_of(told, colour, urgency):
    reason, action = (Text(told[name]["da"], told[name]["en"]) for name in ("reason", "action"))
    return MatchedRow(told["id"], Colour(colour), Urgency(urgency), reason, action, told["source"])


def test_an_alert_table_has_its_title_its_state_and_every_row_in_order():
    found = table()

    outcomes = [row_of(one, one["outcome"]["alert"], one["outcome"]["urgency"]) for one in KOL["rows"]]
    assert (found.title.da, found.title.en, found.approval) == (KOL["title"]["da"], KOL["title"]["en"], "draft")
    assert [one.outcome for one in found.rows] == outcomes[:-1]
    assert found.otherwise.outcome == outcomes[-1]
    assert table(approval={"state": "approved"}).approval == "approved"


@pytest.mark.parametrize(
    ("alerted", "red", "found"),
    [
        (16, 2, Ceiling(Fraction(16), Fraction(2))),
        (2, 2, Ceiling(Fraction(2), Fraction(2))),
        (0, 0, Ceiling(Fraction(0), Fraction(0))),
        (1, 0, Ceiling(Fraction(1), Fraction(0))),
        ("31/2", "1/2", Ceiling(Fraction(31, 2), Fraction(1, 2))),
    ],
    ids=str,
)
def test_a_ceiling_is_alerts_per_hundred_and_red_ones_among_them(alerted, red, found):
    assert table(ceiling={"yellowOrRed": alerted, "red": red}).ceiling == found


@pytest.mark.parametrize(("alerted", "red"), [(1, 2), (1, -1), (-1, -1), ("many", 1), (1, "few")])
def test_a_ceiling_that_cannot_be_is_named(alerted, red):
    with pytest.raises(ContentError) as caught:
        table(ceiling={"yellowOrRed": alerted, "red": red})

    assert caught.value.text == (
        "alert-kol-2.0.0.json.ceiling.yellowOrRed: alerts per 100, not below those that are red, is expected"
    )


def test_a_needs_table_has_every_dimension_and_every_row_with_its_words():
    found = read(read_needs_table, NEEDS, "needs-generic-2.0.0.json")

    told = [*NEEDS["parts"]["kol"], *NEEDS["generic"]]
    assert [(one.id, one.title.da, one.required) for one in found.parts["kol"]] == [
        (one["id"], one["title"]["da"], one.get("required", False)) for one in told
    ]
    for dimension, one in zip(found.parts["kol"], told, strict=True):
        rows = [row_of(row, row["outcome"]["colour"], "routine") for row in one["rows"]]
        rest = [dimension.otherwise] if dimension.otherwise else []
        assert [row.outcome for row in (*dimension.rows, *rest)] == rows
        assert not any(row.when.otherwise for row in dimension.rows)
        assert bool(rest) == ("otherwise" in one["rows"][-1]["when"])
        assert list(dimension.inputs) == one["inputs"]
    assert (found.title.da, found.approval, found.valid_months) == (
        NEEDS["title"]["da"], NEEDS["approval"]["state"], NEEDS["validMonths"]
    )  # fmt: skip
    assert found.meaning == {Colour(name): Text(one["da"], one["en"]) for name, one in NEEDS["colourMeaning"].items()}
    assert [(one.id, one.level) for one in found.levels] == [(one["id"], one["level"]) for one in NEEDS["levels"]]


def test_a_needs_table_counts_for_a_month_at_least_and_can_be_approved():
    changes = {"validMonths": 1, "approval": {"state": "approved"}}
    found = read(read_needs_table, NEEDS | changes, "needs-generic-2.0.0.json")

    assert (found.valid_months, found.approval) == (1, "approved")
    with pytest.raises(
        ContentError, match=r"^needs-generic-2\.0\.0\.json\.validMonths: a whole number from 1 is expected$"
    ):
        read(read_needs_table, NEEDS | {"validMonths": 0}, "needs-generic-2.0.0.json")


def test_a_dimension_may_look_at_every_input_and_end_without_a_rest():
    names = [one["name"] for one in NEEDS["inputs"]]
    one = {**NEEDS["parts"]["kol"][0], "inputs": names}
    found = read(read_needs_table, NEEDS | {"parts": {"kol": [one]}}, "needs-generic-2.0.0.json")

    assert list(found.parts["kol"][0].inputs) == names


@pytest.mark.parametrize("place", [0, 1])
def test_the_rest_of_a_dimension_stands_last_and_nowhere_else(place):
    one = NEEDS["parts"]["kol"][0]
    rest = {**one["rows"][0], "id": "X", "when": {"otherwise": True}}
    rows = [row for row in one["rows"] if "otherwise" not in row["when"]]
    rows.insert(place, rest)
    content = NEEDS | {"parts": {"kol": [{**one, "rows": rows}]}}

    with pytest.raises(ContentError, match=r"\.parts\.kol\[0\]\.rows: rows, otherwise at most once and last, is exp"):
        read(read_needs_table, content, "needs-generic-2.0.0.json")


def test_a_derived_score_has_its_title_its_state_and_its_inputs():
    rules = CATALOGUE.newest_rules()

    found = read(read_derived, GOLD, "gold-abe-2.0.0.json", rules)

    assert (found.title.da, found.title.en) == (GOLD["title"]["da"], GOLD["title"]["en"])
    assert (found.version.id, found.version.version, found.approval) == ("gold-abe", "2.0.0", "draft")
    approved = read(read_derived, GOLD | {"approval": {"state": "approved"}}, "gold-abe-2.0.0.json", rules)
    assert approved.approval == "approved"


FORM = registry(integer("n", 0, 9), item("s", "string"), integer("m", 2, 4), integer("open", 0, None))
BOTH = {"values": ["higher-is-worse", "higher-is-better"], "default": "higher-is-worse"}


def change_of(tmp_path, *, polarity="higher-is-worse", **told):
    content = small_rule(
        small_score("sum", ["n"], [0, 9]),
        change={"score": "total", "on": "value", **told},
        polarity=polarity,
        parameters={"p": BOTH} if "direction" in told else {},
    )
    if "direction" in told:
        content["scores"][0]["missing"] = {
            "byParam": "p", "variants": {name: {"strategy": "strict"} for name in BOTH["values"]}
        }  # fmt: skip
    (rule,) = load(tmp_path, content, registry=FORM).rules()
    return rule.change


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"mic": 2}, Change("total", Fraction(2))),
        ({"mic": "5/2"}, Change("total", Fraction(5, 2))),
        ({"minPoints": 2, "percentOfBaseline": 30}, Change("total", Fraction(2), percent=30)),
        ({"mic": 2, "real": 2}, Change("total", Fraction(2), real=Fraction(2))),
        ({"mic": 2, "real": "7/2"}, Change("total", Fraction(2), real=Fraction(7, 2))),
        ({"mic": 2, "real": "same"}, Change("total", Fraction(2), real_is_mic=True)),
        ({"mic": 2, "on": "display"}, Change("total", Fraction(2), on_display=True)),
        ({"mic": 2, "sameItems": ["s"]}, Change("total", Fraction(2), same_items=("s",))),
        (
            {"mic": 2, "sameItems": ["n", "s", "m", "open"]},
            Change("total", Fraction(2), same_items=("n", "s", "m", "open")),
        ),
        ({"mic": 2, "polarity": "higher-is-better"}, Change("total", Fraction(2), higher_is_worse=False)),
        ({"mic": 2, "direction": {"param": "p"}}, Change("total", Fraction(2), direction="p")),
    ],
    ids=str,
)
def test_a_change_is_what_the_rule_says(tmp_path, told, found):
    assert change_of(tmp_path, **told) == found


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"mic": 0}, "mic: points above 0: mic alone, or minPoints with percentOfBaseline"),
        ({"mic": 2, "real": "5/3"}, "real: points from the smallest important change up, or same,"),
        ({"mic": 2, "real": "more"}, "real: points from the smallest important change up, or same,"),
        ({"mic": 2, "sameItems": ["s", "x"]}, "sameItems: items of the questionnaire"),
        ({"mic": 2, "on": "screen"}, "on: one of value, display"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_is_named(tmp_path, told, expected):
    with pytest.raises(ContentError) as caught:
        change_of(tmp_path, **told)

    assert caught.value.text == f"small-1.0.0.json.change.{expected} is expected"


def test_a_direction_needs_a_parameter_even_where_there_is_none(tmp_path):
    content = small_rule(
        small_score("sum", ["n"], [0, 9]),
        change={"score": "total", "on": "value", "mic": 2, "direction": {"param": "p"}},
    )

    with pytest.raises(ContentError, match=r"^small-1\.0\.0\.json\.change\.direction\.param: one of  is expected$"):
        load(tmp_path, content, registry=FORM)


def test_a_number_between_its_ends_can_have_each_of_them(tmp_path):
    (rule,) = load(tmp_path, small_rule(small_score("sum", ["m"], [2, 4])), registry=FORM).rules()

    assert rule.scores["total"].items[0].possible == frozenset({2, 3, 4})


def test_a_number_without_an_end_cannot_be_scored(tmp_path):
    with pytest.raises(ContentError, match="a scored number needs minValue and maxValue"):
        load(tmp_path, small_rule(small_score("sum", ["open"], [0, 9])), registry=FORM)
