"""Mutations of types: a JSON value of another type than FHIR R4 writes, or a `value[x]` of another item."""

from typing import Any

from tests.proof.gate_case import Case, Path

OTHER_VALUES = {
    "valueBoolean": True,
    "valueDecimal": 1.5,
    "valueInteger": 1,
    "valueDate": "2026-11-20",
    "valueDateTime": "2026-11-20T09:30:00+01:00",
    "valueTime": "09:30:00",
    "valueString": "1",
    "valueUri": "https://elsewhere.example/1",
    "valueCoding": {"system": "https://elsewhere.example", "code": "1"},
    "valueQuantity": {"value": 1, "system": "http://unitsofmeasure.org", "code": "1"},
    "valueReference": {"reference": "Patient/1"},
    "valueAttachment": {"contentType": "text/plain", "data": "MQ=="},
}
NOT_A_MOMENT: tuple[Any, ...] = (
    *("2026-13-01T09:00:00Z", "2026-02-30T09:00:00Z", "20-11-2026", "2026-11-20T09:30:00", "2026-11-20T24:00:00Z"),
    *("2026-11-20T09:30Z", "2026-11-20 09:30:00Z", "i dag", "", " ", "2026-1-1", "2026-11-20T09:30:00+25:00"),
    *("2026-11-20T09:30:60.Z", "26-11-20", "2026-W47", "2026-11-20T09:60:00Z", 20261120, 1.5, True, ["2026"], {}),
)
NOT_A_TEXT: tuple[Any, ...] = (5, 1.5, True, ["x"], {"x": "y"})


def put(case: Case, place: int, value: Any) -> Path:
    key = case.key(place)
    case.answer(place)[key] = value
    return (f"item[{place}]", "answer[0]", key)


def whole_number_as_text(case):
    place = case.answered("integer")
    return put(case, place, str(case.answer(place)["valueInteger"]))


def whole_number_with_a_fraction(case):
    """FHIR integers have no decimal point, not even `3.0`; no exponent either."""
    place = case.answered("integer")
    number = case.answer(place)["valueInteger"]
    return put(case, place, case.pick((float(number), number + 0.5, f"@@{number}e0@@", f"@@{number}.00@@")))


def whole_number_as_truth(case):
    return put(case, case.answered("integer"), case.pick((True, False)))


def truth_as_text(case):
    return put(case, case.answered("boolean"), case.pick(("true", "false", "True", "1", "ja")))


def truth_as_number(case):
    return put(case, case.answered("boolean"), case.pick((0, 1, 0.0, 1.0, -1, 2)))


def coding_as_a_scalar(case):
    place = case.answered("choice")
    code = case.answer(place)["valueCoding"]["code"]
    return put(case, place, case.pick((code, True, 1, 2.5)))


def text_as_something_else(case):
    return put(case, case.answered("string"), case.pick(NOT_A_TEXT))


def value_in_a_list(case):
    place = case.answered()
    return put(case, place, [case.answer(place)[case.key(place)]])


def value_in_an_object(case):
    place = case.answered()
    return put(case, place, {"value": case.answer(place)[case.key(place)]})


def other_value_name(case):
    """An item takes the `value[x]` of its type alone; the value is a valid one of the other type."""
    place = case.answered()
    key = case.pick([name for name in OTHER_VALUES if name != case.key(place)])
    case.items[place]["answer"][0] = {key: OTHER_VALUES[key]}
    return (f"item[{place}]", "answer[0]", key)


def same_value_under_another_name(case):
    place = case.answered()
    answer = case.answer(place)
    key = case.pick([name for name in OTHER_VALUES if name != case.key(place)])
    answer[key] = answer.pop(case.key(place))
    return (f"item[{place}]", "answer[0]", key)


def part_of_a_coding(case):
    place = case.answered("choice")
    name = case.pick(("system", "code", "display", "version", "id"))
    case.answer(place)["valueCoding"][name] = case.pick(NOT_A_TEXT)
    return (f"item[{place}]", "answer[0]", "valueCoding", name)


def chosen_by_the_user_as_text(case):
    place = case.answered("choice")
    case.answer(place)["valueCoding"]["userSelected"] = case.pick(("true", 1))
    return (f"item[{place}]", "answer[0]", "valueCoding", "userSelected")


def answer_without_a_list(case):
    place = case.answered()
    case.items[place]["answer"] = case.pick((case.answer(place), "1", 1, True, {"0": case.answer(place)}))
    return (f"item[{place}]", "answer")


def answer_that_is_no_object(case):
    place = case.answered()
    case.items[place]["answer"] = [case.pick(("1", 1, True, 1.5, [case.answer(place)]))]
    return (f"item[{place}]", "answer[0]")


def items_without_a_list(case):
    case.resource["item"] = case.pick((case.items[case.standing()], "x", 1, True, {"0": case.items[0]}))
    return ("item",)


def item_that_is_no_object(case):
    place = case.standing()
    case.items[place] = case.pick((case.items[place]["linkId"], 1, True, [case.items[place]]))
    return (f"item[{place}]",)


def link_id_of_another_type(case):
    place = case.standing()
    case.items[place]["linkId"] = case.pick(NOT_A_TEXT)
    return (f"item[{place}]", "linkId")


def text_of_an_item(case):
    place = case.standing()
    name = case.pick(("text", "definition", "id"))
    case.items[place][name] = case.pick(NOT_A_TEXT)
    return (f"item[{place}]", name)


def head_of_another_type(case):
    name = case.pick(("status", "questionnaire", "id", "language"))
    case.resource[name] = case.pick(NOT_A_TEXT)
    return (name,)


def authored_that_is_no_moment(case):
    case.resource["authored"] = case.pick(NOT_A_MOMENT)
    return ("authored",)


def object_for_a_list(case):
    name = case.pick(("basedOn", "partOf", "extension"))
    case.resource[name] = case.pick(({"reference": "ServiceRequest/1"}, "ServiceRequest/1", 1, True))
    return (name,)


def list_for_an_object(case):
    name = case.pick(("subject", "author", "source", "encounter", "identifier", "meta", "text"))
    case.resource[name] = case.pick(([{"reference": "Patient/1"}], "Patient/1", 1, True))
    return (name,)


def part_of_a_reference(case):
    name = case.pick(("reference", "display", "type"))
    case.resource["subject"] = {"reference": "Patient/1", name: case.pick(NOT_A_TEXT)}
    return ("subject", name)


def value_of_an_extension(case):
    key, value = case.pick(
        (
            *(("valueInteger", "3"), ("valueInteger", 3.0), ("valueBoolean", "true"), ("valueBoolean", 0)),
            *(("valueString", 3), ("valueDecimal", "1.5"), ("valueDate", "2026-02-31"), ("valueCode", " a")),
            *(("valueCoding", "a"), ("valueQuantity", {"value": "1"}), ("valuePeriod", {"start": "i går"})),
        )
    )
    case.resource["extension"] = [{"url": "https://elsewhere.example/x", key: value}]
    return ("extension[0]", key)


TYPES = (
    *(whole_number_as_text, whole_number_with_a_fraction, whole_number_as_truth, truth_as_text, truth_as_number),
    *(coding_as_a_scalar, text_as_something_else, value_in_a_list, value_in_an_object, other_value_name),
    *(same_value_under_another_name, part_of_a_coding, chosen_by_the_user_as_text, answer_without_a_list),
    *(answer_that_is_no_object, items_without_a_list, item_that_is_no_object, link_id_of_another_type),
    *(text_of_an_item, head_of_another_type, authored_that_is_no_moment, object_for_a_list, list_for_an_object),
    *(part_of_a_reference, value_of_an_extension),
)
