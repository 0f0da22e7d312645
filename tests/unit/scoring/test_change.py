"""What counts as a change, against the published rule of each instrument (docs/clinical/)."""

from fractions import Fraction

import pytest

from kernel.errors import ContentError
from questionnaires.model import Answer
from scoring.change import Change, Verdict, judge, same_topics, topics_of
from scoring.result import Score
from scoring.scores import half_up
from tests.unit.questionnaires.forms import integer, item, registry
from tests.unit.scoring.content import CATALOGUE, REGISTRY, load, small_rule, small_score
from tests.unit.scoring.refusals import names_an_element


def change_of(questionnaire_id):
    found = CATALOGUE.rule_for(REGISTRY.newest(questionnaire_id).canonical).change
    assert found is not None
    return found


def points(value, decimals=1):
    if value is None:
        return Score("x", None, None, None, estimated=False, answered=0, missing=1, reason="too-many-missing")
    exact = Fraction(value)
    return Score("x", exact, half_up(exact, decimals), None, estimated=False, answered=1, missing=0)


@pytest.mark.parametrize(
    ("questionnaire_id", "earlier", "current", "verdict", "real"),
    [
        ("cat", 10, 12, "worse", None),
        ("cat", 10, Fraction(83, 7), "stable", None),
        ("cat", 12, 10, "better", None),
        ("mmrc", 2, 3, "worse", None),
        ("mmrc", 2, 2, "stable", None),
        ("nrs-pain", 3, 5, "worse", None),
        ("nrs-pain", 3, 4, "stable", None),
        ("nrs-pain", 3, 2, "stable", None),
        ("nrs-pain", 3, 1, "better", None),
        ("rmdq23", 0, 3, "stable", False),
        ("rmdq23", 0, 4, "worse", True),
        ("rmdq23", 10, 13, "stable", False),
        ("rmdq23", 10, 14, "worse", True),
        ("rmdq23", 20, 15, "stable", False),
        ("rmdq23", 20, 14, "better", False),
        ("rmdq23", Fraction(46, 3), Fraction(46, 3) + Fraction(46, 10), "worse", True),
        ("rmdq23", Fraction(46, 3), Fraction(46, 3) + Fraction(459, 100), "stable", False),
        ("psfs", 6, 4, "worse", False),
        ("psfs", 6, Fraction(17, 4), "stable", False),
        ("psfs", 6, Fraction(33, 10), "worse", True),
        ("psfs", 6, Fraction(10, 3), "worse", False),
        ("psfs", 4, 6, "better", False),
    ],
    ids=str,
)
def test_a_change_is_judged_on_points_by_the_rule_of_the_instrument(questionnaire_id, earlier, current, verdict, real):
    judged = judge(change_of(questionnaire_id), points(current), points(earlier))

    assert (judged.verdict, judged.real_worse) == (verdict, real)
    assert judged.delta == Fraction(current) - Fraction(earlier)
    assert judged.worse is (verdict == "worse")


@pytest.mark.parametrize(
    ("earlier", "current", "verdict", "real"),
    [
        (Fraction(100, 9), 20, "stable", False),
        (10, 20, "worse", False),
        (Fraction(211, 20), Fraction(469, 20), "worse", False),
        (Fraction(105, 10), Fraction(235, 10), "worse", True),
        (10, 22, "worse", False),
        (10, 23, "worse", True),
        (23, 10, "better", False),
    ],
    ids=str,
)
def test_odi_compares_the_shown_whole_percents(earlier, current, verdict, real):
    judged = judge(change_of("odi"), points(current, 0), points(earlier, 0))

    assert (judged.verdict, judged.real_worse) == (verdict, real)


def test_odi_tells_the_difference_of_what_is_shown():
    """10.55 shows 11 and 23.45 shows 23: 12.9 points apart, 12 as shown."""
    assert judge(change_of("odi"), points("469/20", 0), points("211/20", 0)).delta == 12


@pytest.mark.parametrize("direction", ["higher-is-better", "higher-is-worse"])
def test_a_psfs_form_turned_round_reverses_what_a_change_means(direction):
    change, params = change_of("psfs"), {"direction": direction}
    up = judge(change, points(7), points(4), params=params)

    assert up.verdict == ("worse" if direction == "higher-is-worse" else "better")
    assert up.real_worse is (direction == "higher-is-worse")


def test_other_activities_give_no_baseline_in_psfs_and_make_no_difference_elsewhere():
    assert judge(change_of("psfs"), points(2), points(8), same_items=False).verdict is Verdict.NO_BASELINE
    assert judge(change_of("cat"), points(8), points(2), same_items=False).verdict is Verdict.WORSE


def test_without_an_earlier_value_there_is_no_baseline_and_without_a_current_one_nothing():
    cat = change_of("cat")

    for earlier in (None, points(None)):
        judged = judge(cat, points(5), earlier)
        assert (judged.verdict, judged.delta, judged.worse) == (Verdict.NO_BASELINE, None, None)
    for current in (None, points(None)):
        judged = judge(cat, current, points(5))
        assert (judged.verdict, judged.percent, judged.real_worse) == (Verdict.NOT_COMPUTABLE, None, None)


def test_percent_is_information_and_is_nothing_from_zero():
    assert judge(change_of("nrs-pain"), points(2), points(3)).percent == Fraction(-100, 3)
    assert judge(change_of("rmdq23"), points(4), points(0)).percent is None


def test_a_difference_that_floats_would_miss_is_met_exactly():
    change = Change("x", Fraction(2, 5))

    assert judge(change, points(Fraction(7, 5)), points(1)).verdict is Verdict.WORSE


def test_only_some_instruments_say_what_real_worsening_is():
    known = {rule.version.id: rule.change.knows_real for rule in CATALOGUE.rules() if rule.change is not None}

    real = {"rmdq23", "rmdq24", "odi", "psfs"}
    assert known == {name: name in real for name in ("cat", "ccq", "mmrc", "nrs-pain", *real)}


@pytest.mark.parametrize(
    ("current", "same"),
    [
        ({"psfs-1-activity": ("Gå  tur",), "psfs-2-activity": ("LØFTE",)}, True),
        ({"psfs-1-activity": ("gå tur",)}, False),
        ({"psfs-1-activity": ("løfte",), "psfs-2-activity": ("gå tur",)}, False),
        ({"psfs-1-activity": ("gå tur",), "psfs-2-activity": ("løfte",), "psfs-3-activity": ("sove",)}, False),
    ],
    ids=["letters and spaces", "one left out", "another order", "one more"],
)
def test_topics_are_the_same_whatever_their_letters_and_spaces(current, same):
    earlier: dict[str, tuple[Answer, ...]] = {
        "psfs-1-activity": ("Gå tur",),
        "psfs-2-activity": ("løfte",),
        "psfs-1-rating": (3,),
    }

    assert same_topics(change_of("psfs"), current, earlier) is same


def test_topics_are_one_line_for_each_item_named_or_not():
    answers: dict[str, tuple[Answer, ...]] = {
        "psfs-1-activity": (" Gå  Tur ",),
        "psfs-3-activity": ("Sove",),
        "psfs-1-rating": (3,),
    }

    assert topics_of(change_of("psfs"), answers) == "gå tur\n\nsove\n\n"
    assert topics_of(change_of("cat"), answers) == ""


FORM = registry(integer("n", 0, 9), item("s", "string"))
BOTH = {"values": ["higher-is-worse", "higher-is-better"], "default": "higher-is-worse"}


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ("points above 0", {"mic": 0}),
        ("points above 0", {"mic": "much"}),
        ("points above 0", {"mic": 1, "percentOfBaseline": 30, "minPoints": 2}),
        ("points above 0", {"minPoints": 2, "mic": 2}),
        ("whole number", {"percentOfBaseline": 30}),
        ("whole number", {}),
        ("whole number", {"percentOfBaseline": "30", "minPoints": 2}),
        ("real", {"mic": 2, "real": 1}),
        ("real", {"mic": 2, "real": "other"}),
        ("items of the questionnaire", {"mic": 2, "sameItems": ["x"]}),
        ("one of", {"mic": 2, "direction": {"param": "x"}}),
        ("values higher-is-worse, higher-is-better", {"mic": 2, "direction": {"param": "q"}}),
        ("unknown field", {"mic": 2, "more": 1}),
    ],
    ids=str,
)
def test_a_change_that_contradicts_itself_stops_the_start(tmp_path, told, change):
    content = small_rule(
        small_score("sum", ["n"], [0, 9]),
        change={"score": "total", "on": "value", **change},
        parameters={"p": BOTH, "q": {"values": ["a"], "default": "a"}},
    )

    with pytest.raises(ContentError) as caught:
        load(tmp_path, content, registry=FORM)

    assert told in str(caught.value)
    assert names_an_element(str(caught.value))


def test_a_fraction_and_a_direction_are_read(tmp_path):
    content = small_rule(
        small_score("sum", ["n"], [0, 9]),
        polarity="higher-is-better",
        change={
            "score": "total",
            "on": "value",
            "mic": "3/2",
            "real": "5/2",
            "sameItems": ["s"],
            "direction": {"param": "p"},
        },
        parameters={"p": BOTH},
    )

    (rule,) = load(tmp_path, content, registry=FORM).rules()

    change = rule.change
    assert change is not None
    assert (change.mic, change.real, change.same_items) == (Fraction(3, 2), Fraction(5, 2), ("s",))
    assert (change.is_worse_upwards({}), change.is_worse_upwards(rule.params)) == (False, True)
