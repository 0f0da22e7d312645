"""Mutations of structure: an element, an item or an answer where none may stand."""

from copy import deepcopy

from tests.proof.gate_case import ABSENT, DECLINED, InapplicableError
from tests.proof.gate_form import KEY
from tests.proof.gate_types import OTHER_VALUES

STRANGE = ("foo", "value", "answers", "Item", "valueFoo", "score", "total", "valueMarkdown", "data", "æ", "a.b", "")
MODIFIER = {"modifierExtension": [{"url": "https://elsewhere.example/not", "valueBoolean": True}]}


def element_of_the_resource(case):
    name = case.pick((*STRANGE, "answer", "linkId", "title"))
    case.resource[name] = case.pick((1, "x", True, [1], {"a": 1}))
    return (name,)


def element_of_an_item(case):
    place, name = case.standing(), case.pick((*STRANGE, "type", "required", "valueBoolean", "code"))
    case.items[place][name] = case.pick((1, "x", True, [1], {"a": 1}))
    return (f"item[{place}]", name)


def element_of_an_answer(case):
    place, name = case.answered(), case.pick((*STRANGE, "linkId", "text", "answer"))
    case.answer(place)[name] = case.pick((1, "x", True, [1], {"a": 1}))
    return (f"item[{place}]", "answer[0]", name)


def element_of_a_coding(case):
    place, name = case.answered("choice"), case.pick((*STRANGE, "weight", "ordinalValue", "coding"))
    case.answer(place)["valueCoding"][name] = case.pick((1, "x", True))
    return (f"item[{place}]", "answer[0]", "valueCoding", name)


def element_of_a_reference(case):
    name = case.pick((*STRANGE, "resource", "uri"))
    case.resource["subject"] = {"reference": "Patient/1", name: "x"}
    return ("subject", name)


def item_twice(case):
    place = case.standing()
    at = case.pick(range(place + 1, len(case.items) + 1))
    case.items.insert(at, deepcopy(case.items[place]))
    return (f"item[{at}]", "linkId")


def items_in_another_order(case):
    if len(case.items) < 2:
        raise InapplicableError
    first, later = sorted(case.random.sample(range(len(case.items)), 2))
    items = case.items
    items[first], items[later] = items[later], items[first]
    return (f"item[{later}]",)


def item_in_an_item(case):
    """Only a group has items directly inside it."""
    if len(case.items) < 2:
        raise InapplicableError
    moved = case.items.pop(case.standing())
    place = case.standing()
    case.items[place]["item"] = [moved]
    return (f"item[{place}]", "item[0]")


def item_in_an_answer(case):
    place = case.answered()
    moved = case.pick([one for one in case.items if one is not case.items[place]])
    case.items.remove(moved)
    here = next(at for at, one in enumerate(case.items) if "answer" in one and _is_place(case, at, moved))
    case.items[here]["answer"][0]["item"] = [moved]
    return (f"item[{here}]", "answer[0]", "item[0]")


def _is_place(case, at, moved):
    return case.items[at]["linkId"] in case.answers and case.items[at] is not moved


def item_in_a_page(case):
    """The form has no groups."""
    case.standing()
    link_id = case.pick(("page-1", "root", "page"))
    case.resource["item"] = [{"linkId": link_id, "item": case.items}]
    return ("item[0]", "linkId")


def unknown_item(case):
    place = case.standing()
    known = case.items[place]["linkId"]
    case.items[place]["linkId"] = case.pick(
        (f"{known} ", f" {known}", known.upper(), f"{known}0", f"/{known}", known[:-1], "x", "1", "eq5d-1", known * 2)
    )
    return (f"item[{place}]", "linkId")


def answer_to_what_is_not_asked(case):
    """Its `enableWhen` does not hold after the other answers."""
    standing = {one["linkId"] for one in case.items}
    question = case.pick(
        [
            one
            for one in case.form.questions
            if one.type != "display" and one.link_id not in standing and not one.is_asked(case.answers)
        ]
    )
    answer = case.pick(({KEY[question.type]: case.value(question)}, deepcopy(DECLINED)))
    place = case.insert({"linkId": question.link_id, "answer": [answer]})
    return (f"item[{place}]", "answer")


def question_that_opens_declined(case):
    """What was asked because of the answer is answered still, and must not be."""
    opened = [
        (at, condition[0])
        for at, one in enumerate(case.items)
        if one["linkId"] in case.answers
        for condition in case.question(at).when
    ]
    place, opener = case.pick(opened)
    entry = next(one for one in case.items if one["linkId"] == opener)
    entry["answer"] = [deepcopy(DECLINED)]
    return (f"item[{place}]", "answer")


def answer_to_a_display(case):
    shown = [one for one in case.form.questions if one.type == "display" and one.is_asked(case.answers)]
    question = case.pick(shown)
    case.resource["item"] = [one for one in case.items if one["linkId"] != question.link_id]
    key = case.pick(tuple(OTHER_VALUES))
    place = case.insert({"linkId": question.link_id, "answer": [{key: OTHER_VALUES[key]}]})
    return (f"item[{place}]", "answer")


def two_values(case):
    place = case.answered()
    key = case.pick([name for name in OTHER_VALUES if name != case.key(place)])
    case.answer(place)[key] = OTHER_VALUES[key]
    return (f"item[{place}]", "answer[0]")


def answer_and_absence(case):
    place = case.answered()
    case.answer(place)["extension"] = deepcopy(DECLINED["extension"])
    return (f"item[{place}]", "answer[0]")


def answer_beside_an_absence(case):
    place = case.answered()
    answers = case.items[place]["answer"]
    answers.insert(case.pick((0, 1)), deepcopy(DECLINED))
    return (f"item[{place}]", "answer[1]")


def modifier_extension(case):
    """It could turn the meaning round, and nobody here would know (FHIR R4 section 2.4.1)."""
    place = case.answered()
    path, element = case.pick(
        (
            ((), case.resource),
            ((f"item[{place}]",), case.items[place]),
            ((f"item[{place}]", "answer[0]"), case.answer(place)),
        )
    )
    element |= deepcopy(MODIFIER)
    return (*path, "modifierExtension")


def implicit_rules(case):
    case.resource["implicitRules"] = "https://elsewhere.example/rules"
    return ("implicitRules",)


def contained_that_may_not_be(case):
    kind = case.pick(("Observation", "Questionnaire", "QuestionnaireResponse", "ValueSet", "Binary", "List", "x"))
    case.resource["contained"] = [{"resourceType": kind, "id": "a"}]
    case.resource["source"] = {"reference": "#a"}
    return ("contained[0]", "resourceType")


def contained_that_nobody_names(case):
    """FHIR invariant dom-3."""
    case.resource["contained"] = [{"resourceType": "Patient", "id": case.pick(("a", "p1"))}]
    return ("contained[0]", "id")


def reference_to_nothing_contained(case):
    """FHIR invariant ref-1."""
    name = case.pick(("subject", "source", "author"))
    case.resource[name] = {"reference": "#nobody"}
    return (name, "reference")


def extension_without_a_name(case):
    place = case.answered()
    path, element = case.pick((((), case.resource), ((f"item[{place}]",), case.items[place])))
    element["extension"] = [{"valueInteger": 1}]
    return (*path, "extension[0]", "url")


def extension_with_two_meanings(case):
    """FHIR invariant ext-1: a value, or extensions, and one value only."""
    inner = [{"url": "a", "valueInteger": 1}]
    place = case.answered()
    content = case.pick(
        ({}, {"valueInteger": 1, "extension": inner}, {"valueInteger": 1, "valueString": "x"}, {"id": "a"})
    )
    case.items[place]["extension"] = [{"url": "https://elsewhere.example/x", **content}]
    return (f"item[{place}]", "extension[0]")


def sibling_of_what_has_none(case):
    """`_name` stands beside primitive elements only."""
    place = case.answered()
    path, element, name = case.pick(
        (
            *(((), case.resource, "_item"), ((), case.resource, "_subject"), ((), case.resource, "_foo")),
            ((f"item[{place}]",), case.items[place], "_answer"),
            ((f"item[{place}]", "answer[0]"), case.answer(place), "_valueCoding"),
        )
    )
    element[name] = {"extension": [{"url": "https://elsewhere.example/x", "valueInteger": 1}]}
    return (*path, name)


def absence_as_a_value(case):
    place = case.answered()
    case.items[place]["answer"] = [{"valueCode": "asked-declined", "url": ABSENT}]
    return (f"item[{place}]", "answer[0]")


STRUCTURE = (
    *(element_of_the_resource, element_of_an_item, element_of_an_answer, element_of_a_coding, element_of_a_reference),
    *(item_twice, items_in_another_order, item_in_an_item, item_in_an_answer, item_in_a_page, unknown_item),
    *(answer_to_what_is_not_asked, question_that_opens_declined, answer_to_a_display, two_values, answer_and_absence),
    *(answer_beside_an_absence, modifier_extension, implicit_rules, contained_that_may_not_be),
    *(contained_that_nobody_names, reference_to_nothing_contained, extension_without_a_name),
    *(extension_with_two_meanings, sibling_of_what_has_none, absence_as_a_value),
)
