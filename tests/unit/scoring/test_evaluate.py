"""Walking the COPD table: each row on both sides of its edge, and how rows combine."""

from fractions import Fraction

import pytest

from kernel.errors import InvalidInputError
from scoring.evaluate import advised, evaluate
from scoring.given import given_inputs
from scoring.levels import Colour, Urgency
from scoring.suggestion import UsedInput
from scoring.table_vectors import told
from tests.unit.scoring.content import CATALOGUE

KOL = CATALOGUE.table("alert/kol")
CALM = {
    "danger": "no",
    "exacNow": 0,
    "dischargeNew": "no",
    "adm12New": 0,
    "exac12New": 0,
    "cat": 12,
    "catDeltaLast": 0,
    "catDeltaBase": 0,
    "mrc": 2,
    "mrcDeltaLast": 0,
    "mrcDeltaBase": 0,
    "adm12": 0,
    "exac12": 0,
    "assessed": "yes",
}
NEW = {"assessed": "no"}


def alert(phase="followup", estimated=(), ages=None, **changes):
    values = {**CALM, **changes}
    return evaluate(KOL, phase, given_inputs(KOL, values, estimated=estimated, ages=ages or {}))


def reasons(**changes):
    return [row.id for row in alert(**changes).rows]


@pytest.mark.parametrize(
    ("row", "matches", "misses"),
    [
        ("K01", {"danger": "yes"}, {"danger": "no"}),
        ("K02", {"exacNow": 2}, {"exacNow": 1}),
        ("K03", {"dischargeNew": "yes"}, {"dischargeNew": "no"}),
        ("K04", {"adm12New": 1}, {"adm12New": 0}),
        ("K05", {"exac12New": 1}, {"exac12New": 0}),
        ("K06", {"catDeltaBase": 5, "catDeltaLast": 5}, {"catDeltaBase": 5, "catDeltaLast": 4}),
        ("K06", {"catDeltaBase": 5, "catDeltaLast": 5}, {"catDeltaBase": 4, "catDeltaLast": 5}),
        ("K07", {"catDeltaBase": 5}, {"catDeltaBase": 4}),
        ("K07", {"catDeltaBase": 5}, {"catDeltaBase": Fraction(34, 7)}),
        ("K08", {"exacNow": 1, "catDeltaBase": 3}, {"exacNow": 1, "catDeltaBase": 2}),
        ("K08", {"exacNow": 1, "catDeltaBase": 3}, {"exacNow": 0, "catDeltaBase": 3}),
        (
            "K09",
            {"mrcDeltaBase": 1, "mrcDeltaLast": 1, "catDeltaBase": 2},
            {"mrcDeltaBase": 1, "mrcDeltaLast": 1, "catDeltaBase": 1},
        ),
        (
            "K09",
            {"mrcDeltaBase": 1, "mrcDeltaLast": 1, "catDeltaBase": 2},
            {"mrcDeltaBase": 1, "mrcDeltaLast": 0, "catDeltaBase": 2},
        ),
        (
            "K09",
            {"mrcDeltaBase": 1, "mrcDeltaLast": 1, "catDeltaBase": 2},
            {"mrcDeltaBase": 0, "mrcDeltaLast": 1, "catDeltaBase": 2},
        ),
        ("K10", {"mrcDeltaBase": 2}, {"mrcDeltaBase": 1}),
        ("K11", {**NEW, "cat": 31}, {**NEW, "cat": 30}),
        ("K11", {**NEW, "cat": Fraction(211, 7)}, {"cat": 31}),
        ("K12", {**NEW, "cat": 21}, {**NEW, "cat": 20}),
        ("K12", {**NEW, "cat": Fraction(141, 7)}, {"cat": 21}),
        ("K13", {**NEW, "mrc": 5}, {**NEW, "mrc": 4}),
        ("K13", {**NEW, "mrc": 5}, {"mrc": 5}),
        ("K14", {**NEW, "mrc": 3}, {**NEW, "mrc": 2}),
        ("K15", {**NEW, "adm12": 1}, {**NEW, "adm12": 0}),
        ("K15", {**NEW, "adm12": 1}, {"adm12": 1}),
        ("K16", {**NEW, "exac12": 2}, {**NEW, "exac12": 1}),
        ("K99", {}, {"danger": "yes"}),
    ],
)
def test_a_row_matches_on_its_side_of_the_edge_only(row, matches, misses):
    assert row in reasons(**matches)
    assert row not in reasons(**misses)


OUTCOMES = {
    "K01": ("RED", "emergency"),
    "K02": ("RED", "same-day"),
    "K03": ("RED", "within-2-weeks"),
    "K04": ("YELLOW", "within-2-weeks"),
    "K05": ("YELLOW", "planned-4-weeks"),
    "K06": ("YELLOW", "within-2-weeks"),
    "K07": ("YELLOW", "planned-4-weeks"),
    "K08": ("YELLOW", "within-2-weeks"),
    "K09": ("YELLOW", "planned-4-weeks"),
    "K10": ("YELLOW", "within-2-weeks"),
    "K11": ("YELLOW", "within-2-weeks"),
    "K12": ("YELLOW", "planned-4-weeks"),
    "K13": ("YELLOW", "within-2-weeks"),
    "K14": ("YELLOW", "planned-4-weeks"),
    "K15": ("YELLOW", "within-2-weeks"),
    "K16": ("YELLOW", "planned-4-weeks"),
    "K99": ("GREEN", "routine"),
}


def test_each_row_has_the_outcome_of_the_source_sheet():
    rows = [row.outcome for row in (*KOL.rows, KOL.otherwise)]

    assert {row.id: (row.colour.value, row.urgency.value) for row in rows} == OUTCOMES


def test_a_calm_assessed_patient_is_green_however_severe():
    severe = alert(cat=40, mrc=5, adm12=20, exac12=20)

    assert (severe.colour, severe.urgency, severe.incomplete) == (Colour.GREEN, Urgency.ROUTINE, False)


def test_all_matching_rows_count_and_the_worst_of_each_kind_wins():
    both = alert(dischargeNew="yes", exacNow=1, catDeltaBase=3)

    assert [row.id for row in both.rows] == ["K03", "K08"]
    assert (both.colour, both.urgency) == (Colour.RED, Urgency.WITHIN_2_WEEKS)


def test_the_advised_action_is_of_the_first_row_with_the_worst_colour_and_among_those_the_worst_urgency():
    many = alert(exacNow=2, dischargeNew="yes", danger="yes")
    later = alert(exac12New=1, adm12New=1, mrcDeltaBase=2)

    assert advised(many.rows).id == "K01"
    assert [row.id for row in later.rows] == ["K04", "K05", "K10"]
    assert advised(later.rows).id == "K04"
    assert later.action == later.rows[0].action


def test_a_more_urgent_unknown_does_not_take_the_action_from_a_worse_colour():
    mixed = alert(catDeltaBase=5, danger=None)

    assert (mixed.colour, mixed.urgency, mixed.incomplete) == (Colour.YELLOW, Urgency.WITHIN_1_WEEK, True)
    assert advised(mixed.rows).id == "K07"


@pytest.mark.parametrize(
    ("name", "urgency"),
    [
        ("danger", Urgency.WITHIN_1_WEEK),
        ("exacNow", Urgency.WITHIN_2_WEEKS),
        ("dischargeNew", Urgency.WITHIN_2_WEEKS),
        ("cat", Urgency.PLANNED_4_WEEKS),
        ("mrc", Urgency.PLANNED_4_WEEKS),
        ("assessed", Urgency.PLANNED_4_WEEKS),
    ],
)
@pytest.mark.parametrize("phase", ["start", "followup"])
def test_a_missing_required_input_is_never_green(phase, name, urgency):
    result = alert(phase, **{name: None})

    assert (result.colour, result.urgency, result.incomplete) == (Colour.UNKNOWN, urgency, True)
    assert [row.id for row in result.rows] == [f"unknown:{name}"]


@pytest.mark.parametrize("name", [one.name for one in KOL.inputs.values() if not one.required["start"]])
def test_a_missing_optional_input_changes_nothing(name):
    assert reasons(**{name: None}) == ["K99"]


def test_inputs_that_were_left_out_altogether_count_as_missing():
    result = evaluate(KOL, "start", {})

    assert [row.id for row in result.rows] == [
        f"unknown:{name}" for name in ("danger", "exacNow", "dischargeNew", "cat", "mrc", "assessed")
    ]
    assert set(result.inputs) == set(KOL.inputs)
    assert result.inputs["cat"] == UsedInput("cat", None, "missing")


def test_an_estimated_cat_adds_unknown_beside_the_rows_it_matches():
    matched = alert(estimated=["cat"], cat=Fraction(160, 7), assessed="no")
    calm = alert(estimated=["cat"])

    assert [row.id for row in matched.rows] == ["K12", "unknown:cat"]
    assert (matched.colour, matched.incomplete) == (Colour.YELLOW, True)
    assert [row.id for row in calm.rows] == ["unknown:cat"]
    assert (calm.colour, calm.rows[0].reason) == (Colour.UNKNOWN, KOL.unknown["cat", "estimated"].reason)


def test_another_estimated_input_adds_nothing():
    assert reasons(estimated=["exacNow"], exacNow=1) == ["K99"]


def test_a_stale_cat_is_unknown_and_says_so_and_matches_nothing():
    stale = alert(ages={"cat": 31}, cat=40, assessed="no")

    assert [row.id for row in stale.rows] == ["unknown:cat"]
    assert stale.rows[0].reason == KOL.unknown["cat", "stale"].reason
    assert stale.inputs["cat"].state == "stale"
    assert reasons(ages={"cat": 30}, cat=40, assessed="no") == ["K11", "K12"]


def test_unknown_rows_follow_the_matched_rows_in_the_order_of_the_inputs():
    result = alert(danger=None, exacNow=3, mrc=None, cat=None)

    assert [row.id for row in result.rows] == ["K02", "unknown:danger", "unknown:cat", "unknown:mrc"]
    assert told(result) == {
        "alert": "RED",
        "urgency": "same-day",
        "reasons": ["K02", "unknown:danger", "unknown:cat", "unknown:mrc"],
        "action": "K02",
        "incomplete": True,
    }


def test_a_result_names_table_phase_and_every_input():
    result = alert("start")

    assert (result.table, result.phase) == (KOL.version, "start")
    assert {name: one.value for name, one in result.inputs.items()} == CALM


@pytest.mark.parametrize(
    "changes",
    [
        {"cat": 41},
        {"cat": -1},
        {"exacNow": Fraction(3, 2)},
        {"exacNow": True},
        {"danger": "maybe"},
        {"danger": 1},
        {"cat": "yes"},
        {"mood": 1},
        {"estimated": ["mood"]},
        {"ages": {"mood": 1}},
    ],
    ids=str,
)
def test_given_values_must_be_those_of_the_table(changes):
    with pytest.raises(InvalidInputError) as caught:
        alert(**changes)

    assert caught.value.issues[0].rule in ("out-of-domain", "unknown-input")


def test_every_wrong_input_is_named_and_an_unknown_one_is_not_repeated():
    with pytest.raises(InvalidInputError) as caught:
        alert(cat=99, danger="maybe", Nancy=1)

    assert [(one.rule, one.expression) for one in caught.value.issues] == [
        ("unknown-input", None),
        ("out-of-domain", "danger"),
        ("out-of-domain", "cat"),
    ]


def test_an_age_is_kept_with_a_missing_value_too():
    inputs = given_inputs(KOL, {}, ages={"cat": 3})

    assert (inputs["cat"].state, inputs["cat"].age_days) == ("missing", 3)
