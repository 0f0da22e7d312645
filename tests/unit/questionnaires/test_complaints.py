"""What users of other systems complain of (reference/fhir-sdc.md section 5): each complaint is one test here."""

from time import process_time

import pytest

from kernel.errors import InvalidResponseError, UnknownQuestionnaireError
from questionnaires.definition import compile_questionnaire
from questionnaires.gate import check_bytes, check_response
from questionnaires.registry import Registry
from tests.unit.questionnaires.any_form import a, check, ext, faults, form, g, q, read, response, rules, when
from tests.unit.questionnaires.forms import definition, item, questionnaire

YES, NO = ("Boolean", True), ("Boolean", False)
ON = [when("a", "=", "Boolean", value=True)]
HIDDEN = ext("questionnaire-hidden", "Boolean", value=True)


def test_a_required_item_that_is_not_asked_is_not_missed():
    """HAPI 1042, LForms 192, Android 1760: required but disabled items flagged."""
    known = form(q("a", "boolean"), q("b", "boolean", enableWhen=ON, required=True))

    assert rules(known, a("a", NO)) == []
    assert rules(known) == []
    assert rules(known, a("a", YES)) == ["required"]


def test_a_required_item_in_a_group_that_is_not_asked_is_not_missed():
    """HAPI 1042, one level deeper."""
    known = form(q("a", "boolean"), q("g", "group", enableWhen=ON, item=[q("b", "boolean", required=True)]))

    assert rules(known, a("a", NO)) == []
    assert faults(known, a("a", YES)) == [("required", "item", "b")]


def test_a_hidden_item_is_not_missed_and_may_be_answered():
    """Android 1051: validation of hidden items."""
    known = form(q("h", "string", HIDDEN, required=True), q("a", "boolean"))

    assert rules(known, a("a", YES)) == []
    assert rules(known, a("h", ("String", "x")), a("a", YES)) == []


def test_items_of_the_response_need_not_stand_one_to_one_with_those_of_the_form():
    """Android 912: the validator walked both lists by index."""
    known = form(*(q(f"i{n}", "integer") for n in range(9)))

    assert check(known, a("i3", ("Integer", 3)), a("i8", ("Integer", 8))).answers == {"i3": (3,), "i8": (8,)}


def test_every_occurrence_of_a_repeating_group_is_checked():
    """Android 2752: repeating groups unvalidated."""
    known = form(q("g", "group", repeats=True, item=[q("n", "integer", ext("maxValue", "Integer", 5), required=True)]))

    found = faults(known, g("g", a("n", ("Integer", 5))), g("g", a("n", ("Integer", 6))), g("g"))

    assert found == [
        ("out-of-range", "item[1].item[0].answer[0].valueInteger", "n"),
        ("required", "item[2].item", "n"),
    ]


def test_items_that_are_not_asked_may_be_left_out():
    """Android 836: a crash when disabled items are left out."""
    known = form(q("a", "boolean"), q("b", "boolean", enableWhen=ON), q("c", "boolean"))

    assert rules(known, a("a", NO), a("c", YES)) == []
    assert rules(known, a("a", NO), {"linkId": "b"}, a("c", YES)) == []


def test_a_response_is_checked_against_the_version_that_it_names():
    """HAPI 7354: the first version that was created won."""
    old = questionnaire(item("b", "boolean"))
    raw = definition(item("n", "integer"), version="2.0.0", id="small-2.0.0")
    new = Registry({old.canonical: old, f"{old.url}|2.0.0": compile_questionnaire(raw, "small.json")})
    yes = {"linkId": "b", "answer": [{"valueBoolean": True}]}

    assert check_response(response(yes, questionnaire=f"{old.url}|1.0.0"), new).answers == {"b": (True,)}
    with pytest.raises(InvalidResponseError):
        check_response(response(yes, questionnaire=f"{old.url}|2.0.0"), new)
    with pytest.raises(UnknownQuestionnaireError):
        check_response(response(yes, questionnaire=old.url), new)


def test_a_draft_that_is_saved_is_lenient_about_gaps_only():
    """Android 1608: partial saves; all-of-us 2034: they are told from what is finished."""
    known = form(q("a", "boolean", required=True), q("n", "integer"))

    assert check(known, status="in-progress").status == "in-progress"
    assert rules(known, a("n", ("String", "x")), status="in-progress") == ["not-a-number"]
    assert rules(known, a("n", ("Decimal", 1.5)), status="in-progress") == ["not-on-step"]
    assert rules(known) == ["required"]


def test_an_answer_that_is_no_option_is_refused_on_the_server():
    """Inferno 113, FHIR Works 828, Firely 487: no check against the form at all."""
    known = form(q("c", "choice", answerOption=[{"valueCoding": {"code": "x"}}]))

    assert rules(known, a("c", {"valueCoding": {"code": "y"}})) == ["not-an-option"]


def timed(known, raw):
    """The least of some times, in seconds of this process."""
    found = []
    for _ in range(5):
        before = process_time()
        check_bytes(raw, known)
        found.append(process_time() - before)
    return min(found)


@pytest.mark.parametrize("groups", [False, True], ids=["flat", "groups"])
def test_time_grows_with_the_answers_and_not_with_their_square(groups):
    """FHIRCore 3503, HAPI 6091: validation of 30 to 40 seconds."""
    inner = [q("a", "boolean"), q("b", "boolean", enableWhen=ON, required=True)]
    if groups:
        known = form(q("g", "group", repeats=True, item=inner))
        few, many = (response(*[g("g", a("a", YES), a("b", YES))] * times) for times in (100, 1600))
    else:
        known = form(*(q(f"i{n}", "boolean") for n in range(1600)))
        few, many = (response(*(a(f"i{n}", YES) for n in range(times)), language="da") for times in (100, 1600))

    # Sixteen times the answers; a square would take 256 times as long.
    assert timed(known, many) < 64 * timed(known, few)


def test_a_response_to_an_old_version_may_still_be_corrected():
    """FHIRCore 740, fhir-emr 534: a new version of the form made older responses invalid."""
    old, raw = questionnaire(item("b", "boolean")), definition(item("n", "integer"), version="2.0.0", id="small-2.0.0")
    both = Registry({old.canonical: old, f"{old.url}|2.0.0": compile_questionnaire(raw, "small.json")})
    no = {"linkId": "b", "answer": [{"valueBoolean": False}]}

    corrected = check_response(response(no, questionnaire=old.canonical, status="amended"), both)

    assert (corrected.questionnaire, corrected.answers) == (old.canonical, {"b": (False,)})


def test_the_text_of_an_item_may_be_in_another_language():
    """Android 465, structor 412, sdc-ide 35: forms in several languages."""
    known = form(q("a", "boolean", text="Er du træt?"))

    assert rules(known, a("a", YES, text="Er du træt?")) == []
    assert rules(known, a("a", YES, text="Are you tired?")) == []


def test_an_option_may_be_shown_in_another_language():
    """The same for what the patient chose from: code and system decide."""
    known = form(q("c", "choice", answerOption=[{"valueCoding": {"code": "x", "display": "Ja"}}]))

    assert rules(known, a("c", {"valueCoding": {"code": "x", "display": "Yes"}})) == []


def test_a_weight_may_stand_in_either_extension():
    """LForms 175 and 179: itemWeight beside ordinalValue."""
    options = [
        {"extension": [ext(name, "Decimal", points)], "valueCoding": {"code": name}}
        for name, points in (("ordinalValue", 3), ("itemWeight", 4), ("other", 5))
    ]

    (known,) = read(q("c", "choice", answerOption=options)).items

    assert [one.points for one in known.options] == [3, 4, None]


def test_an_unfinished_response_is_told_from_a_finished_one():
    """All-of-us 2034: partial responses fed the summaries."""
    known = form(q("a", "boolean"))

    assert [check(known, a("a", YES), status=one).status for one in ("in-progress", "completed", "amended")] == [
        "in-progress",
        "completed",
        "amended",
    ]
