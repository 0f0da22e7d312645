"""Laws of the gate: what we build passes, any harm done to it is named, and the short cut changes nothing."""

import json
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import InvalidInputError, MalformedInputError
from questionnaires.build import ResponseAbout, build_response
from questionnaires.enablement import asked
from questionnaires.gate import check_response
from questionnaires.model import Answer, Coded, ItemType
from questionnaires.plain import read_plain
from questionnaires.registry import Registry
from questionnaires.strict_json import parse_object
from questionnaires.vector import vector_of
from tests.property.questionnaires.harm import HARM

REGISTRY = Registry.load()
FORMS = pytest.mark.parametrize("form", REGISTRY.all(), ids=lambda form: form.id)
FEW = settings(deadline=None, max_examples=15)
"""Of each form: there are so many forms that each law sees some hundreds, and thousands of harms."""
ABOUT = ResponseAbout("completed", datetime(2027, 1, 1, 12, 0, tzinfo=UTC), "r1", "Patient/p1")


def answer_to(item):
    if item.type is ItemType.BOOLEAN:
        return st.booleans()
    if item.type is ItemType.INTEGER:
        return st.integers(item.min_value, item.max_value)
    if item.type is ItemType.STRING:
        return st.text("abcæøå", min_size=1, max_size=item.max_length)
    return st.sampled_from([Coded(option.system, option.code) for option in item.options])


@st.composite
def filled(draw, form):
    """Answers and skips of a form, gaps included."""
    answers: dict[str, tuple[Answer, ...]] = {}
    skipped: set[str] = set()
    for item in form.items:
        if item.type is ItemType.DISPLAY or item not in asked(form, answers):
            continue
        match draw(st.sampled_from(["answer", "answer", "answer", "skip", "gap"])):
            case "answer":
                answers[item.link_id] = (draw(answer_to(item)),)
            case "skip":
                skipped.add(item.link_id)
    return answers, skipped


def faults(resource):
    try:
        check_response(json.dumps(resource).encode(), REGISTRY)
    except InvalidInputError as error:
        return [(one.rule, one.expression, one.link_id) for one in error.issues]
    return []


@FORMS
@FEW
@given(data=st.data())
def test_what_is_built_passes_and_comes_back_the_same(form, data):
    answers, skipped = data.draw(filled(form))

    checked = check_response(build_response(form, answers, skipped=skipped, about=ABOUT), REGISTRY)

    assert (dict(checked.answers), set(checked.skipped)) == (answers, skipped)


@FORMS
@FEW
@given(data=st.data())
def test_a_stored_vector_gives_the_same_answers_again(form, data):
    answers, skipped = data.draw(filled(form))
    checked = check_response(build_response(form, answers, skipped=skipped, about=ABOUT), REGISTRY)

    vector = vector_of(form, checked)

    if any(item.type is ItemType.STRING for item in form.items):
        # Free text stays out of what is stored in the clear, and so would what hangs on it.
        assert set(vector) == {*answers, *skipped} - {link_id for link_id in answers if link_id.endswith("activity")}
        return
    again = read_plain(REGISTRY.plan(form.canonical), vector)
    assert (again.answers, again.skipped) == (checked.answers, checked.skipped)


def a_place(form, resource, data):
    """An item that no other hangs on: harm to such a one would be told at those others too."""
    questions = [item for item in form.by_link_id.values() if item.type is not ItemType.DISPLAY]
    opening = {condition.question for item in questions for condition in item.enable_when}
    places = [place for place, entry in enumerate(resource["item"]) if entry["linkId"] not in opening]
    return data.draw(st.sampled_from(places))


def full(form, data):
    """A resource in which every question that is asked is answered."""
    answers: dict[str, tuple[Answer, ...]] = {}
    for item in form.items:
        if item.type is not ItemType.DISPLAY and item in asked(form, answers):
            answers[item.link_id] = (data.draw(answer_to(item)),)
    resource = json.loads(build_response(form, answers, about=ABOUT))
    for entry in resource["item"]:
        for answer in entry["answer"]:
            answer.get("valueCoding", {}).pop("display", None)
    return resource


@FORMS
@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_one_harmed_item_is_refused_and_named_by_its_element(form, harm, data):
    resource = full(form, data)
    place = a_place(form, resource, data)

    harm(resource["item"][place])

    found = faults(resource)
    assert found
    assert all(str(expression).startswith(f"QuestionnaireResponse.item[{place}]") for _, expression, _ in found)


@FORMS
@FEW
@given(data=st.data())
def test_an_item_twice_or_in_another_order_is_refused(form, data):
    resource = full(form, data)
    place = a_place(form, resource, data)
    twice = deepcopy(resource)
    twice["item"].insert(place, deepcopy(twice["item"][place]))

    assert [rule for rule, _, _ in faults(twice)] == ["duplicate-linkId"]
    if len(resource["item"]) > 1:
        moved = deepcopy(resource)
        last = len(moved["item"]) - 1
        moved["item"].insert(0 if place == last else last, moved["item"].pop(place))
        assert {rule for rule, _, _ in faults(moved)} == {"wrong-order"}


def harmless(resource, bits):
    """Turn a resource into another that says the same: ids, unknown extensions and the order of keys mean nothing."""
    extension = {"url": "https://elsewhere.example/note", "valueString": "x"}
    for place, entry in enumerate(resource["item"]):
        wanted = [bool(bits >> (5 * place + bit) & 1) for bit in range(5)]
        for answer in entry["answer"]:
            answer.update({"id": "a"} if wanted[0] else {})
            answer.update({"extension": [extension]} if wanted[1] else {})
        entry.update({"extension": [extension]} if wanted[2] else {})
        if wanted[3]:
            entry.pop("text")
        if wanted[4]:
            resource["item"][place] = dict(reversed(entry.items()))
    return dict(reversed(resource.items()))


@FORMS
@FEW
@given(data=st.data())
def test_a_response_in_other_clothes_says_the_same(form, data):
    resource = full(form, data)
    plain = check_response(json.dumps(resource).encode(), REGISTRY)

    bits = data.draw(st.integers(0, 2 ** (5 * len(resource["item"])) - 1))
    dressed = check_response(json.dumps(harmless(deepcopy(resource), bits)).encode(), REGISTRY)

    assert dressed == plain


@FORMS
@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_the_short_cut_finds_the_same_faults_as_the_full_way(form, harm, data):
    resource = full(form, data)
    harm(resource["item"][data.draw(st.integers(0, len(resource["item"]) - 1))])
    long_way = deepcopy(resource)
    for entry in long_way["item"]:
        entry["id"] = "no-plain-entry"

    assert faults(resource) == faults(long_way)


@FORMS
@FEW
@given(data=st.data())
def test_what_is_asked_stands_in_the_order_of_the_questionnaire(form, data):
    answers, _ = data.draw(filled(form))

    shown = [item.link_id for item in asked(form, answers)]

    assert shown == [link_id for link_id in form.by_link_id if link_id in shown]
    assert set(answers) <= set(shown)


def nested(inner):
    """A value, or a list or object of values."""
    return inner | st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)


LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = nested(nested(nested(LEAF)))


@FEW
@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused_and_never_crash(raw):
    with suppress(MalformedInputError):
        assert isinstance(parse_object(raw), dict)


NAMES = st.sampled_from(
    [
        "item",
        "answer",
        "linkId",
        "valueCoding",
        "valueInteger",
        "extension",
        "text",
        "status",
        "meta",
        "subject",
        "basedOn",
    ]
)


@FEW
@given(st.dictionaries(NAMES, JSON | st.lists(st.dictionaries(NAMES, JSON, max_size=3), max_size=3), max_size=6))
def test_any_object_is_checked_or_refused_and_never_crashes(members):
    canonical = REGISTRY.newest("cat").canonical

    found = faults({"resourceType": "QuestionnaireResponse", "questionnaire": canonical, **members})

    assert all(str(expression).startswith("QuestionnaireResponse") for rule, expression, _ in found if rule != "nul")
