"""Programmes with slots, needs, fixed series and caps: section 8 of the content facts, and every fault."""

import json

import pytest

from delivery.content import Content
from delivery.occasion_kind import TriggerType
from delivery.producible import counted_items
from delivery.programme import PROGRAMMES, Programmes, parse_programme
from delivery.programme_parts import Caps, Grouping
from kernel.errors import ContentError, InvalidInputError
from tests.released import RELEASED

CONTENT = Content(RELEASED)
NAMES = ("kol", "kol-free", "lrs", "lrs-free")
FLAGS, PAIN = "lrs-flags", "nrs-pain"


def newest(name):
    return CONTENT.programmes.newest(name)


def shipped(name):
    programme = newest(name)
    return json.loads((PROGRAMMES / f"{name}-{programme.version}.json").read_bytes())


def load(tmp_path, fields):
    path = tmp_path / f"{fields['id']}-{fields['version']}.json"
    path.write_text(json.dumps(fields), encoding="utf-8")
    return Programmes.load(tmp_path, registry=CONTENT.questionnaires, catalogue=CONTENT.catalogue).newest(fields["id"])


def parse(fields):
    return parse_programme(json.dumps(fields).encode(), f"{fields['id']}-{fields['version']}.json")


ASKED = {
    ("kol", "start"): ("kol-status", "mmrc", "cat", "shk-draft"),
    ("kol", "periodic"): ("kol-status", "mmrc", "cat"),
    ("kol", "after-discharge"): ("kol-status", "mmrc", "cat"),
    ("kol", "needs-yearly"): ("shk-draft",),
    ("kol-free", "start"): ("kol-status", "mmrc", "shk-draft"),
    ("kol-free", "periodic"): ("kol-status", "mmrc"),
    ("lrs", "start"): (FLAGS, "startback", PAIN, "shk-draft"),
    ("lrs", "start-function"): (FLAGS, PAIN, "rmdq23"),
    ("lrs", "periodic"): (FLAGS, PAIN, "rmdq23"),
    ("lrs", "new-episode"): (FLAGS, "startback", PAIN),
    ("lrs-free", "start"): (FLAGS, PAIN, "psfs", "shk-draft"),
    ("lrs-free", "ordered"): (FLAGS, PAIN, "psfs"),
    ("lrs-free", "new-episode"): (FLAGS, PAIN, "psfs"),
}


@pytest.mark.parametrize(("name", "kind"), ASKED)
def test_each_occasion_asks_what_the_programme_says(name, kind):
    assert newest(name).asks(kind, newest(name).slot_choice()) == ASKED[name, kind]


ITEMS = {
    ("kol", "start"): 16,
    ("kol", "periodic"): 9,
    ("kol-free", "start"): 8,
    ("kol-free", "periodic"): 1,
    ("lrs", "start"): 17,
    ("lrs", "periodic"): 24,
    ("lrs-free", "start"): 18,
    ("lrs-free", "periodic"): 11,
}


@pytest.mark.parametrize(("name", "kind"), ITEMS)
def test_each_occasion_has_the_published_number_of_counted_items(name, kind):
    forms = [CONTENT.questionnaires.newest(one) for one in newest(name).asks(kind, {})]

    assert sum(counted_items(form) for form in forms if not form.safety_screen) == ITEMS[name, kind]


def test_a_clinic_that_prefers_odi_asks_eleven_items_at_a_follow_up():
    asked = newest("lrs").asks("periodic", {"function": "odi"})

    forms = [CONTENT.questionnaires.newest(one) for one in asked]
    assert asked == (FLAGS, PAIN, "odi")
    assert sum(counted_items(form) for form in forms if not form.safety_screen) == 11


@pytest.mark.parametrize("name", NAMES)
def test_every_programme_has_the_same_proposed_caps_and_grouping(name):
    programme = newest(name)

    assert (programme.caps, programme.grouping) == (Caps(25, 4, 14), Grouping(14, 60))
    assert (programme.reminder_days, programme.expires_after_days) == ((3, 7), 21)
    assert [programme.period_months(level) for level in (None, 1, 2, 3)] == [6, 12, 6, 3]


@pytest.mark.parametrize("name", NAMES)
def test_the_health_literacy_form_comes_yearly_and_joins_the_next_occasion(name):
    (yearly,) = newest(name).fixed

    assert (yearly.id, yearly.trigger.months, yearly.joins_days) == ("needs-yearly", 12, 60)
    assert newest(name).periodic.id == "periodic"
    assert newest(name).periodic.joins_days is None


def test_function_is_asked_fourteen_days_after_the_start_of_a_back_programme():
    (later,) = newest("lrs").of_trigger(TriggerType.AFTER_START)

    assert (later.id, later.phase, later.trigger.days) == ("start-function", "followup", 14)
    assert newest("lrs").of_trigger(TriggerType.NEW_EPISODE)[0].phase == "start"
    assert newest("kol").of_trigger(TriggerType.AFTER_DISCHARGE)[0].trigger.days == 7
    assert newest("lrs-free").of_trigger(TriggerType.AFTER_START) == ()


@pytest.mark.parametrize(
    ("name", "needs", "derived", "target"),
    [
        ("kol", "kol", ("gold-abe",), "flp"),
        ("kol-free", "kol-free", ("gold-abe",), "flp"),
        ("lrs", "lrs", (), "lps-note"),
        ("lrs-free", "lrs-free", (), "lps-note"),
    ],
)
def test_each_programme_names_its_part_of_the_needs_table(name, needs, derived, target):
    assert (newest(name).needs, newest(name).derived, newest(name).plan_target) == (needs, derived, target)


def test_a_slot_has_a_default_and_takes_its_alternatives_only():
    programme = newest("lrs")

    assert programme.slot_choice() == {"healthLiteracy": "shk-draft", "function": "rmdq23", "prognosis": "startback"}
    assert programme.slot_choice({"function": "odi"})["function"] == "odi"
    assert len(list(programme.slot_choices())) == 8
    with pytest.raises(InvalidInputError) as caught:
        programme.slot_choice({"function": "psfs", "mood": "phq"})
    assert [issue.expression for issue in caught.value.issues] == ["slots.function", "slots.mood"]


def test_an_empty_slot_is_named():
    with pytest.raises(ContentError, match="nothing fills slot:function"):
        newest("lrs").periodic.asks({})


def occasions(fields, kind, **change):
    next(one for one in fields["occasions"] if one["id"] == kind).update(change)


def test_a_programme_without_the_slot_that_its_table_reads_stops_the_start(tmp_path):
    fields = shipped("lrs")
    del fields["slots"]["function"]
    for one in fields["occasions"]:
        one["ask"] = [name.replace("slot:function", "rmdq23") for name in one["ask"]]

    with pytest.raises(ContentError, match="cannot produce the input limitation of alert/lrs"):
        load(tmp_path, fields)


def test_a_slot_that_one_choice_cannot_fill_stops_the_start(tmp_path):
    fields = shipped("lrs")
    fields["slots"]["function"]["alternatives"] = ["odi", "startback"]

    with pytest.raises(ContentError, match=r"input limitation: T1: no rule gives startback\.limitation"):
        load(tmp_path, fields)


def test_a_slot_without_a_map_for_its_choice_stops_the_start(tmp_path):
    fields = shipped("lrs")
    fields["slots"]["healthLiteracy"]["alternatives"] = ["cat"]

    with pytest.raises(ContentError, match="input supportNeed: T1: no map for cat"):
        load(tmp_path, fields)


def test_a_slot_choice_without_a_change_rule_stops_the_start(tmp_path):
    fields = shipped("kol")
    fields |= {"alert": "alert/lrs", "needs": "lrs", "derived": []}
    fields["slots"] |= {"function": {"default": "kol-status", "alternatives": []}}

    with pytest.raises(ContentError, match="cannot produce the input cauda"):
        load(tmp_path, fields)


def test_a_required_input_that_is_never_asked_stops_the_start(tmp_path):
    fields = shipped("kol-free")
    for kind in ("start", "needs-yearly"):
        occasions(fields, kind, ask=["kol-status", "mmrc"])

    with pytest.raises(ContentError, match="cannot produce the input impact of needs/generic"):
        load(tmp_path, fields)


def test_a_derived_score_must_be_named(tmp_path):
    with pytest.raises(ContentError, match="cannot produce the input goldGroup"):
        load(tmp_path, shipped("kol") | {"derived": []})


def test_a_derived_score_must_exist(tmp_path):
    with pytest.raises(ContentError, match="no derived score mood"):
        load(tmp_path, shipped("kol") | {"derived": ["gold-abe", "mood"]})


def test_a_part_of_the_needs_table_must_exist(tmp_path):
    with pytest.raises(ContentError, match="no part diabetes"):
        load(tmp_path, shipped("kol") | {"needs": "diabetes"})


def test_a_questionnaire_that_no_occasion_can_hold_stops_the_start(tmp_path):
    fields = shipped("lrs")
    fields["caps"]["itemsPerOccasion"] = 22

    with pytest.raises(ContentError, match="rmdq23 has 23 items"):
        load(tmp_path, fields)


def test_a_safety_screen_is_never_too_long(tmp_path):
    fields = shipped("kol-free")
    fields["caps"]["itemsPerOccasion"] = 8

    assert load(tmp_path, fields).caps.items_per_occasion == 8


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"caps": {"itemsPerOccasion": 0, "occasionsPerYear": 4, "minDaysBetween": 14}}, "itemsPerOccasion"),
        ({"caps": {"itemsPerOccasion": 25, "occasionsPerYear": 4}}, "minDaysBetween"),
        ({"grouping": {"joinDays": 14}}, "replaceDays"),
        ({"grouping": {"joinDays": 14, "replaceDays": 60, "weeks": 1}}, "unknown field weeks"),
        ({"slots": {"function": {"default": "odi", "alternatives": ["odi"]}}}, "alternatives"),
        ({"slots": {"function": {}}}, "default"),
        ({"needs": 3}, "needs"),
    ],
)
def test_a_wrong_part_is_named(change, named):
    with pytest.raises(ContentError, match=named):
        parse(shipped("lrs") | change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"trigger": {"type": "every", "months": 0}}, "a whole number from 1"),
        ({"trigger": {"type": "every", "months": 12, "days": 3}}, "unknown field days"),
        ({"joins": {"days": 0}}, "a whole number from 1"),
        ({"joins": {"weeks": 8}}, "unknown field weeks"),
    ],
)
def test_a_wrong_yearly_occasion_is_named(change, named):
    fields = shipped("lrs")
    occasions(fields, "needs-yearly", **change)

    with pytest.raises(ContentError, match=named):
        parse(fields)
