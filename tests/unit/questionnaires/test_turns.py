"""Groups that repeat, as a form asks them: turns, conditions within a turn, and the way into a response and back."""

from datetime import UTC, datetime

import pytest

from questionnaires.build import ResponseAbout, build_response
from questionnaires.gate import check_response
from questionnaires.model import Answer
from questionnaires.placed import read_placed
from questionnaires.turns import MOST_TURNS, spot_of, turns_of, walk
from tests.unit.questionnaires.forms import integer, item, registry, when

ABOUT = ResponseAbout("completed", datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
DOSE = item("dose", "group", repeats=True, item=[integer("mg")])
MOST = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs", "valueInteger": 2}
KNOWN = registry(
    item("any", "boolean"),
    item(
        "medicine",
        "group",
        repeats=True,
        item=[item("name", "string"), item("daily", "boolean"), integer("often", enableWhen=[when("daily")]), DOSE],
    ),
    item("after", "boolean", enableWhen=[when("daily")]),
    item("home", "group", repeats=True, extension=[MOST], item=[item("town", "string")]),
)
(FORM,) = KNOWN.all()


def asked(answers, skipped=()):
    return [(one.spot.replace("\x1f", " "), one.turns, one.ends) for one in walk(FORM, answers, skipped)]


def spots(answers, skipped=()):
    return [spot for spot, _, ends in asked(answers, skipped) if not ends]


@pytest.mark.parametrize("turns", [(), (1,), (1, 1)], ids=str)
def test_the_first_turn_has_the_name_of_the_item(turns):
    assert spot_of("name", turns) == "name"
    assert turns_of("name") == ("name", ())


def test_a_later_turn_has_a_name_of_its_own_that_can_be_taken_apart():
    spot = spot_of("mg", (2, 1))

    assert spot != "mg"
    assert turns_of(spot) == ("mg", (2, 1))


def test_without_an_answer_a_group_is_asked_once_and_its_end_is_told():
    assert asked({}) == [
        ("any", (), False),
        ("medicine", (1,), False),
        ("name", (1,), False),
        ("daily", (1,), False),
        ("dose", (1, 1), False),
        ("mg", (1, 1), False),
        ("dose", (1, 1), True),
        ("medicine", (1,), True),
        ("home", (1,), False),
        ("town", (1,), False),
        ("home", (1,), True),
    ]


def test_an_answer_or_a_skip_in_a_later_turn_is_a_turn():
    assert "name 2" in spots({spot_of("name", (2,)): ("x",)})
    assert "name 2" in spots({}, [spot_of("daily", (2,))])
    assert "mg 2.3" in spots({spot_of("mg", (2, 3)): (5,)})
    assert "mg 1.2" not in spots({spot_of("mg", (2, 3)): (5,)})


def test_a_condition_looks_at_its_own_turn_and_from_outside_at_the_last():
    first_only = {"daily": (True,), spot_of("name", (2,)): ("x",)}
    second_only = {"name": ("x",), spot_of("daily", (2,)): (True,)}

    assert [spot for spot in spots(first_only) if "often" in spot or spot == "after"] == ["often"]
    assert [spot for spot in spots(second_only) if "often" in spot or spot == "after"] == ["often 2", "after"]


@pytest.mark.parametrize(
    ("group", "link_id", "most"), [("medicine", "name", MOST_TURNS), ("home", "town", 2)], ids=["ours", "its own"]
)
def test_there_are_no_more_turns_than_allowed(group, link_id, most):
    found = spots({spot_of(link_id, (most + 1,)): ("x",)})

    assert len([spot for spot in found if spot.split()[0] == link_id]) == most


def test_what_is_built_passes_the_gate_and_comes_back_turn_by_turn():
    answers: dict[str, tuple[Answer, ...]] = {
        "any": (False,),
        "name": ("A",),
        "mg": (1,),
        spot_of("mg", (1, 2)): (2,),
        spot_of("name", (2,)): ("B",),
        spot_of("daily", (2,)): (True,),
        spot_of("often", (2,)): (3,),
        spot_of("mg", (2, 1)): (4,),
        "after": (True,),
    }

    raw = build_response(FORM, answers, skipped={"daily", "town"}, about=ABOUT)

    placed = read_placed(raw, KNOWN)
    assert placed.answers == answers
    assert placed.skipped == {"daily", "town"}
    assert check_response(raw, KNOWN).answers["name"] == ("A", "B")


def test_an_answer_of_a_turn_that_is_not_asked_is_left_out():
    raw = build_response(FORM, {"name": ("A",), "often": (3,)}, about=ABOUT)

    assert read_placed(raw, KNOWN).answers == {"name": ("A",)}


def test_a_response_without_any_item_has_no_answers():
    assert read_placed(build_response(FORM, {}, about=ABOUT), KNOWN).answers == {}


def test_a_form_without_repeated_groups_is_read_as_the_gate_reads_it():
    known = registry(item("b", "boolean"))
    (form,) = known.all()
    raw = build_response(form, {"b": (True,)}, about=ABOUT)

    assert read_placed(raw, known).answers == {"b": (True,)}


def test_only_repeated_groups_count_turns():
    known = registry(
        item("g", "group", item=[item("b", "boolean")]),
        item("r", "group", repeats=True, item=[item("s", "string")]),
    )
    (form,) = known.all()
    answers: dict[str, tuple[Answer, ...]] = {"b": (True,), spot_of("s", (1,)): ("x",)}

    assert read_placed(build_response(form, answers, about=ABOUT), known).answers == answers
