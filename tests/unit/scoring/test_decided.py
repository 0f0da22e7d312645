"""What a clinician decides on dimensions of need, and when a decision may be confirmed as it stands."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kernel.errors import InvalidInputError
from kernel.ids import EnrolmentId, OccasionId, SuggestionId
from questionnaires.model import Text
from scoring.decision import DECIDABLE, decided_colour, decided_dimensions, stands_unchanged
from scoring.levels import Colour, Urgency
from scoring.needs import Dimension, NeedsAssessment
from scoring.result import RuleVersion
from scoring.suggestion import Alert, FiledSuggestion
from tests.builders import NOW, a_decision

VERSION = RuleVersion("alert/any", "1.0.0", "a" * 64)
NOTHING = Text("", "")


def refused(call, *args, **more):
    with pytest.raises(InvalidInputError) as caught:
        call(*args, **more)
    assert caught.value.text == caught.value.issues[0].text
    return [(one.code, one.rule, one.expression) for one in caught.value.issues]


def test_only_the_three_colours_of_the_clinic_are_decisions():
    assert DECIDABLE == (Colour.GREEN, Colour.YELLOW, Colour.RED)


def test_a_refused_colour_says_which_ones_there_are():
    with pytest.raises(InvalidInputError, match=r"^A decision is GREEN, YELLOW or RED\.$"):
        decided_colour("BLUE", suggested=Colour.GREEN, reason="because")
    assert refused(decided_colour, "UNKNOWN", suggested=Colour.UNKNOWN, reason="") == [
        ("code-invalid", "not-a-decision", "colour")
    ]


@pytest.mark.parametrize("suggested", [Colour.YELLOW, Colour.RED])
def test_another_colour_without_a_reason_is_told_as_required(suggested):
    with pytest.raises(InvalidInputError, match=r"^Give a reason for a colour other than the suggested one\.$"):
        decided_colour("GREEN", suggested=suggested, reason="")
    assert refused(decided_colour, "GREEN", suggested=suggested, reason=" ") == [
        ("required", "reason-missing", "reason")
    ]


def test_each_dimension_of_the_package_takes_a_colour():
    codes = {"burden": "GREEN", "support": "RED", "clinician": "YELLOW"}

    found = decided_dimensions(codes, assessed=("burden", "support", "literacy"))

    assert found == {"burden": Colour.GREEN, "support": Colour.RED, "clinician": Colour.YELLOW}
    assert all(isinstance(one, Colour) for one in found.values())


def test_no_dimension_need_be_decided():
    assert decided_dimensions({}, assessed=()) == {}


def test_the_clinicians_own_part_may_always_be_given():
    assert decided_dimensions({"clinician": "RED"}, assessed=()) == {"clinician": Colour.RED}


def test_a_dimension_that_the_package_does_not_assess_is_refused_and_not_repeated():
    with pytest.raises(InvalidInputError) as caught:
        decided_dimensions({"2512489996": "GREEN", "burden": "RED"}, assessed=("burden",))

    (told,) = caught.value.issues
    assert (told.code, told.rule, told.expression) == ("code-invalid", "unknown-dimension", "dimensions")
    assert told.text == caught.value.text == "No such dimension of need."


@pytest.mark.parametrize("code", ["UNKNOWN", "green", ""])
def test_a_dimension_takes_no_other_code_and_is_named(code):
    assert refused(decided_dimensions, {"burden": code}, assessed=("burden",)) == [
        ("code-invalid", "not-a-decision", "dimensions.burden")
    ]


def needs(**colours):
    dimensions = tuple(Dimension(name, NOTHING, colour, required=True, rows=()) for name, colour in colours.items())
    return NeedsAssessment("kol", dimensions, None, "row", VERSION, {})


def suggested(colour=Colour.GREEN, *, complete=True, assessed=None):
    alert = Alert(colour, Urgency.ROUTINE, (), NOTHING, not complete, VERSION, "followup", {})
    enrolment, occasion, suggestion = EnrolmentId("e"), OccasionId("o"), SuggestionId("s")
    return FiledSuggestion(suggestion, enrolment, occasion, 1, NOW, complete, alert, assessed)


CALM = suggested(assessed=needs(burden=Colour.GREEN, support=Colour.YELLOW))
DECISION = a_decision(CALM, valid_until=NOW + timedelta(days=30))


def test_a_decision_stands_while_it_counts_and_nothing_has_changed():
    assert stands_unchanged(DECISION, CALM, CALM, now=NOW)
    assert stands_unchanged(DECISION, CALM, CALM, now=DECISION.valid_until)
    assert not stands_unchanged(DECISION, CALM, CALM, now=DECISION.valid_until + timedelta(microseconds=1))


def test_without_a_decision_or_the_suggestion_that_it_was_about_nothing_stands():
    assert not stands_unchanged(None, CALM, CALM, now=NOW)
    assert not stands_unchanged(DECISION, None, CALM, now=NOW)


@pytest.mark.parametrize("colour", [Colour.YELLOW, Colour.RED, Colour.UNKNOWN])
def test_only_a_green_alert_lets_a_decision_stand(colour):
    assert not stands_unchanged(DECISION, CALM, replace(CALM, alert=CALM.alert._replace(colour=colour)), now=NOW)


def test_what_is_not_answered_in_full_lets_none_stand():
    assert not stands_unchanged(DECISION, CALM, replace(CALM, complete=False), now=NOW)


def test_a_dimension_of_another_colour_lets_none_stand_not_even_a_better_one():
    better = replace(CALM, needs=needs(burden=Colour.GREEN, support=Colour.GREEN))
    fewer = replace(CALM, needs=needs(burden=Colour.GREEN))

    assert not stands_unchanged(DECISION, CALM, better, now=NOW)
    assert not stands_unchanged(DECISION, CALM, fewer, now=NOW)
    assert not stands_unchanged(DECISION, CALM, replace(CALM, needs=None), now=NOW)


def test_the_clinicians_own_part_is_no_news_to_the_clinician():
    own = replace(CALM, needs=needs(burden=Colour.GREEN, support=Colour.YELLOW, clinician=Colour.RED))

    assert stands_unchanged(DECISION, CALM, own, now=NOW)
    assert stands_unchanged(DECISION, own, CALM, now=NOW)


def test_where_no_needs_are_assessed_the_alert_alone_decides():
    bare = suggested()

    assert stands_unchanged(DECISION, bare, bare, now=NOW)
