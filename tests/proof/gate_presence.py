"""Mutations of presence: what must be there is missing, or what is there holds nothing."""

from typing import Any

from tests.proof.gate_case import Case, Path

NOTHING: tuple[Any, ...] = (None, {}, [])
ONLY_NOTHING: tuple[Any, ...] = (None, [None], [], [{}])


def missing_head(case):
    name = case.pick(("status", "questionnaire", "resourceType"))
    del case.resource[name]
    return (name,)


def missing_link_id(case):
    place = case.standing()
    del case.items[place]["linkId"]
    return (f"item[{place}]", "linkId")


def link_id_of_nothing(case):
    place = case.standing()
    case.items[place]["linkId"] = case.pick((None, "", "\u0001", "\u000b"))
    return (f"item[{place}]", "linkId")


def items_of_nothing(case):
    case.resource["item"] = case.pick(ONLY_NOTHING)
    return ("item[0]",)


def item_of_nothing(case):
    place = case.standing()
    case.items[place] = case.pick(NOTHING)
    return (f"item[{place}]",)


def answers_of_nothing(case):
    place = case.answered()
    case.items[place]["answer"] = case.pick(ONLY_NOTHING)
    return (f"item[{place}]", "answer[0]")


def value_of_nothing(case):
    place = case.answered()
    case.answer(place)[case.key(place)] = case.pick(NOTHING)
    return (f"item[{place}]", "answer[0]", case.key(place))


def answer_without_a_value(case):
    place = case.answered()
    case.items[place]["answer"] = [case.pick(({"id": "a"}, {"extension": [{"url": "a:b", "valueInteger": 1}]}))]
    return (f"item[{place}]", "answer[0]")


def part_of_a_coding_that_is_nothing(case):
    place = case.answered("choice")
    name = case.pick(("system", "code", "display"))
    case.answer(place)["valueCoding"][name] = case.pick((None, "", {}, []))
    return (f"item[{place}]", "answer[0]", "valueCoding", name)


def nested_items_of_nothing(case):
    place = case.answered()
    case.answer(place)["item"] = case.pick(ONLY_NOTHING)
    return (f"item[{place}]", "answer[0]", "item[0]")


def head_of_nothing(case):
    name = case.pick(
        ("subject", "author", "source", "basedOn", "partOf", "identifier", "meta", "extension", "authored", "language")
    )
    case.resource[name] = case.pick((None, {}, []))
    return (name,)


def list_of_nothing(case):
    name = case.pick(("basedOn", "partOf", "extension"))
    case.resource[name] = case.pick(([None], [{}]))
    return (f"{name}[0]",)


def text_of_nothing(case):
    place = case.standing()
    case.items[place]["text"] = case.pick((None, "", {}))
    return (f"item[{place}]", "text")


def sibling_of_nothing(case):
    place = case.standing()
    case.items[place]["_text"] = case.pick((None, {}, []))
    return (f"item[{place}]", "_text")


def narrative_without_a_text(case: Case) -> Path:
    case.resource["text"] = {"status": "generated"}
    return ("text", "div")


PRESENCE = (
    *(missing_head, missing_link_id, link_id_of_nothing, items_of_nothing, item_of_nothing, answers_of_nothing),
    *(value_of_nothing, answer_without_a_value, part_of_a_coding_that_is_nothing, nested_items_of_nothing),
    *(head_of_nothing, list_of_nothing, text_of_nothing, sibling_of_nothing, narrative_without_a_text),
)
