"""What a decision table may not say: loader rules T1 to T8."""

import json

import pytest

from kernel.errors import ContentError
from scoring.levels import Colour, Urgency
from scoring.rule_set import RuleSet
from scoring.table_set import load_tables
from tests.unit.scoring.content import CATALOGUE, shipped
from tests.unit.scoring.refusals import names_an_element

RULES = RuleSet({}, CATALOGUE.newest_rules())


def kol():
    return shipped("tables/alert-kol")


def row(table, row_id):
    return next(one for one in table["rows"] if one["id"] == row_id)


def one_input(table, name):
    return next(one for one in table["inputs"] if one["name"] == name)


def atom(name, op, value):
    return {"all": [{"input": name, "op": op, "value": value}]}


def loaded(tmp_path, table, name="alert-kol"):
    """The table, against the rules that are loaded already."""
    (tmp_path / f"{name}-2.0.0.json").write_text(json.dumps(table), encoding="utf-8")
    (found,) = load_tables(tmp_path, RULES).alerts.values()
    return found


def refusal(tmp_path, table):
    with pytest.raises(ContentError) as caught:
        loaded(tmp_path, table)
    return str(caught.value)


def test_the_copd_table_is_loaded_with_all_its_rows():
    table = CATALOGUE.table("alert/kol")

    assert [one.outcome.id for one in table.rows] == [f"K{number:02}" for number in range(1, 17)]
    assert table.otherwise.outcome.id == "K99"
    assert (table.phases, table.lookback_days, table.approval) == (("start", "followup"), 450, "draft")
    assert [int(one) for one in (table.ceiling.alerted, table.ceiling.red)] == [16, 2]
    assert CATALOGUE.table("alert/kol", "2.0.0") is table


def test_an_unknown_row_is_made_for_each_input_in_words_of_the_table():
    table = CATALOGUE.table("alert/kol")

    danger, cat = table.unknown["danger", "missing"], table.unknown["cat", "stale"]
    assert (danger.id, danger.colour, danger.urgency) == ("unknown:danger", Colour.UNKNOWN, Urgency.WITHIN_1_WEEK)
    assert danger.reason.da == "Faresymptomer: intet svar, eller svaret kan ikke beregnes."
    assert (cat.urgency, cat.reason.en) == (Urgency.PLANNED_4_WEEKS, "CAT total: the answer is too old.")


@pytest.mark.parametrize("name", ["alert-kol", "alert-kol-free", "alert-lrs"])
def test_every_shipped_table_holds_under_all_rules(tmp_path, name):
    found = loaded(tmp_path, shipped(f"tables/{name}"), name)

    assert found.version.id == shipped(f"tables/{name}")["id"]
    assert found.rules == RULES.newest


CHANGES = {
    "T1 unknown input": ("T1: no input x", "K01", atom("x", "==", "yes")),
    "T1 parameter": ("T1: no input danger", "K01", {"all": [{"param": "danger", "op": "==", "value": "yes"}]}),
    "T1 code outside the domain": ("T1: danger", "K01", atom("danger", "==", "maybe")),
    "T1 code for a number": ("T1: cat", "K12", atom("cat", ">", "yes")),
    "T1 number for a code": ("T1: danger", "K01", atom("danger", "==", 1)),
    "T1 order of codes": ("T1: danger", "K01", atom("danger", ">=", "yes")),
    "T1 value above the domain": ("T1: cat", "K12", atom("cat", ">", 41)),
    "T1 value below the domain": ("T1: catDeltaBase", "K07", atom("catDeltaBase", ">=", -41)),
    "T4 optional input in a RED row": ("T4: a RED row needs catDeltaBase", "K01", atom("catDeltaBase", ">=", 20)),
    "T7 better is worse": ("T7: a worse cat", "K12", atom("cat", "<", 20)),
    "T7 equal in the middle": ("T7: a worse exacNow", "K02", atom("exacNow", "==", 2)),
    "T7 equal to the better code": ("T7: a worse danger", "K01", atom("danger", "==", "no")),
    "T7 unequal to the worse code": ("T7: a worse danger", "K01", atom("danger", "!=", "yes")),
    "T8 above the highest": ("T8: it can never match", "K12", atom("cat", ">", 40)),
    "T8 contradiction": (
        "T8: it can never match",
        "K12",
        {"all": [{"input": "assessed", "op": "is-null"}, {"input": "assessed", "op": "==", "value": "no"}]},
    ),
    "T8 between two whole numbers": (
        "T8: otherwise can never be reached",
        "K12",
        {"any": [atom("mrc", ">=", 5), atom("mrc", ">=", 1)]},
    ),
    "T8 matches the best": ("T8: otherwise can never be reached", "K12", atom("cat", ">=", 0)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_row_that_breaks_a_loader_rule_stops_the_start(tmp_path, name):
    told, row_id, when = CHANGES[name]
    table = kol()
    row(table, row_id)["when"] = when

    found = refusal(tmp_path, table)

    assert told in found
    assert names_an_element(found)


@pytest.mark.parametrize(
    "when",
    [
        atom("danger", "!=", "no"),
        atom("exacNow", "==", 3),
        atom("exacNow", "!=", 0),
        atom("cat", ">=", "61/2"),
        {"any": [atom("danger", "==", "yes"), atom("cat", ">", "79/2")]},
        {"all": [{"input": "danger", "op": "is-not-null"}, {"input": "cat", "op": ">", "value": 30}]},
    ],
    ids=str,
)
def test_a_threshold_in_any_of_its_forms_is_monotone(tmp_path, when):
    table = kol()
    row(table, "K01")["when"] = when
    table["vectors"] = table["vectors"][:1]

    assert loaded(tmp_path, table)


def test_a_number_that_is_worse_when_lower_needs_thresholds_the_other_way(tmp_path):
    table = kol()
    one_input(table, "mrc")["worse"] = "lower"
    table["vectors"] = table["vectors"][:1]

    assert "T7: a worse mrc" in refusal(tmp_path, table)

    row(table, "K13")["when"] = atom("mrc", "==", 1)
    row(table, "K14")["when"] = {"all": [atom("mrc", "!=", 5)["all"][0], atom("mrc", "<=", 1)["all"][0]]}
    assert loaded(tmp_path, table)


def mutate(**changes):
    def change(table):
        table.update(changes)

    return change


def change_input(name, **changes):
    return lambda table: one_input(table, name).update(changes)


def change_row(row_id, **changes):
    return lambda table: row(table, row_id).update(changes)


SOURCE = {"questionnaire": "cat", "score": "catTotal", "use": "current"}
FAULTS = [
    ("unknown field extra", mutate(extra=1)),
    ("result", mutate(result="mood")),
    ("phases", mutate(phases=[])),
    ("lookbackDays", mutate(lookbackDays=0)),
    ("lookbackDays", mutate(lookbackDays=450.5)),
    ("each name once", lambda table: table["inputs"].append(one_input(table, "cat"))),
    ("exactly one otherwise", lambda table: table["rows"].pop()),
    ("exactly one otherwise", mutate(rows=[])),
    ("exactly one otherwise", lambda table: table["rows"].insert(0, row(table, "K99") | {"id": "K00"})),
    ("exactly one otherwise", lambda table: table["rows"].reverse()),
    ("stands twice", change_row("K02", id="K01")),
    ("kept for automatic rows", change_row("K02", id="unknown:cat")),
    ("one of", change_row("K02", outcome={"alert": "BLUE", "urgency": "routine"})),
    ("one of", change_row("K02", outcome={"alert": "RED", "urgency": "soon"})),
    ("unknown field level", change_row("K02", outcome={"alert": "RED", "urgency": "routine", "level": 3})),
    ("status", change_row("K02", status="")),
    ("reason", change_row("K02", reason="x")),
    ("T7: row K02 is better", change_row("K99", outcome={"alert": "YELLOW", "urgency": "emergency"})),
    ("T7: row K03 is better", change_row("K99", outcome={"alert": "GREEN", "urgency": "same-day"})),
    ("one of", change_input("cat", type="text")),
    ("the codes of", change_input("danger", worse=["no", "maybe"])),
    ("the codes of", change_input("cat", domain=[0])),
    ("one of", change_input("cat", worse="up")),
    ("unknown field later", change_input("cat", required={"start": True, "later": True})),
    ("true or false", change_input("cat", required={"start": "yes"})),
    ("occasion, days or episode", change_input("cat", validFor={"days": 0})),
    ("occasion, days or episode", change_input("cat", validFor={"days": 3, "episode": True})),
    ("occasion, days or episode", change_input("cat", validFor={"episode": False})),
    ("unknown field weeks", change_input("cat", validFor={"weeks": 3})),
    ("object", change_input("cat", validFor="always")),
    ("one of", change_input("cat", onEstimated="ignore")),
    ("one of", change_input("cat", unknownUrgency="soon")),
    ("one of", change_input("assessed", source={"system": "mood"})),
    ("unknown field use", change_input("assessed", source={"system": "assessed", "use": "current"})),
    ("no and yes", change_input("assessed", domain=["no", "yes", "x"], worse=["yes", "no", "x"])),
    ("one of", change_input("cat", source=SOURCE | {"use": "better"})),
    ("nowhere else", change_input("cat", source=SOURCE | {"against": "last"})),
    ("nowhere else", change_input("cat", source=SOURCE | {"windowDays": 3})),
    ("nowhere else", change_input("catDeltaLast", source=SOURCE | {"use": "delta"})),
    ("nowhere else", change_input("dischargeNew", source=SOURCE | {"use": "new-since-baseline"})),
    ("one of", change_input("catDeltaLast", source=SOURCE | {"use": "delta", "against": "first"})),
    ("no rule gives hlq.catTotal", change_input("cat", source=SOURCE | {"questionnaire": "hlq"})),
    ("no rule gives cat.total", change_input("cat", source=SOURCE | {"score": "total"})),
    ("not what its source can give", change_input("cat", domain=[0, 39])),
    ("not what its source can give", change_input("catDeltaLast", domain=[0, 40])),
    ("not what its source can give", change_input("adm12New", domain=[-20, 20])),
    (
        "not what its source can give",
        change_input("cat", source={"questionnaire": "mmrc", "score": "mrc", "use": "current"}),
    ),
    (
        "must be a yes/no score",
        change_input("dischargeNew", source=SOURCE | {"use": "new-since-baseline", "windowDays": 30}),
    ),
    ("at least one vector", mutate(vectors=[])),
    ("unknown field stale", lambda table: table["vectors"][0].update(stale=[])),
    ("object is expected", lambda table: table["unknown"].pop("stale")),
    ("something else", lambda table: table["vectors"][0]["result"].update(alert="RED")),
    ("not those of the table", lambda table: table["vectors"][0]["inputs"].update(mood=1)),
    ("one of", lambda table: table["vectors"][0].update(phase="later")),
]


@pytest.mark.parametrize(
    ("told", "change"), FAULTS, ids=[f"{number}-{told}" for number, (told, _) in enumerate(FAULTS)]
)
def test_a_table_that_contradicts_itself_stops_the_start(tmp_path, told, change):
    table = kol()
    change(table)

    found = refusal(tmp_path, table)

    assert told in found
    assert names_an_element(found)


def test_a_table_may_look_back_one_day_and_have_a_row_as_good_as_the_last(tmp_path):
    table = kol() | {"lookbackDays": 1}
    row(table, "K16")["outcome"] = row(table, "K99")["outcome"]
    table["vectors"] = table["vectors"][:1]

    found = loaded(tmp_path, table)

    assert found.lookback_days == 1
    assert found.rows[-1].outcome.colour is found.otherwise.outcome.colour


def test_an_input_may_be_valid_for_the_episode(tmp_path):
    table = kol()
    one_input(table, "adm12")["validFor"] = {"episode": True}

    adm12 = loaded(tmp_path, table).inputs["adm12"]

    assert (adm12.valid_days, adm12.this_occasion) == (None, False)


def test_a_missing_input_is_planned_within_four_weeks_unless_the_table_says_otherwise():
    unknown = CATALOGUE.table("alert/kol").unknown

    assert unknown["mrc", "missing"].urgency is Urgency.PLANNED_4_WEEKS
    assert unknown["exacNow", "missing"].urgency is Urgency.WITHIN_2_WEEKS


def test_answers_of_the_safety_screen_count_for_their_occasion_and_burden_for_thirty_days():
    inputs = CATALOGUE.table("alert/kol").inputs.values()

    by_form = {(one.source.questionnaire, one.this_occasion, one.valid_days) for one in inputs}
    assert by_form == {("kol-status", True, None), ("cat", False, 30), ("mmrc", False, 30), ("", True, None)}
    assert {one.name for one in inputs if one.unknown_if_estimated} == {"cat"}
    assert {one.name for one in inputs if one.required["start"]} == {
        *("danger", "exacNow", "dischargeNew", "cat", "mrc", "assessed"),
    }
    assert all(one.required["start"] is one.required["followup"] for one in inputs)
