"""Ways to harm one entry of a valid response; each must be refused."""

from copy import deepcopy


def unknown_element(entry):
    entry["foo"] = 1


def other_item(entry):
    entry["linkId"] = "no-such-item"


def no_item(entry):
    del entry["linkId"]


def second_answer(entry):
    entry["answer"].append(deepcopy(entry["answer"][0]))


def no_answer_in_the_list(entry):
    entry["answer"] = []


def answer_that_is_no_list(entry):
    entry["answer"] = entry["answer"][0]


def empty_answer(entry):
    entry["answer"][0] = {}


def null_answer(entry):
    entry["answer"][0] = None


def null_value(entry):
    (key,) = entry["answer"][0]
    entry["answer"][0][key] = None


def value_in_a_list(entry):
    (key,) = entry["answer"][0]
    entry["answer"][0][key] = [entry["answer"][0][key]]


def text_value(entry):
    (key,) = entry["answer"][0]
    entry["answer"][0][key] = 3.5 if key == "valueString" else "3"


def decimal_value(entry):
    (key,) = entry["answer"][0]
    entry["answer"][0][key] = 3.0


def swapped_type(entry):
    (key,) = entry["answer"][0]
    value = {"valueInteger": 1} if key == "valueBoolean" else {"valueBoolean": True}
    entry["answer"][0] = value


def number_as_truth(entry):
    (key,) = entry["answer"][0]
    entry["answer"][0][key] = True if key == "valueInteger" else 1


def out_of_range(entry):
    (key,) = entry["answer"][0]
    beyond = {"system": "https://svarbro.example/fhir/CodeSystem/cat", "code": "6"}
    entry["answer"][0][key] = {
        "valueInteger": 1001,
        "valueBoolean": 2,
        "valueCoding": beyond,
        "valueString": "x" * 101,
    }[key]


def other_system(entry):
    entry["answer"][0] = {"valueCoding": {"system": "https://elsewhere.example", "code": "1"}}


def no_system(entry):
    entry["answer"][0] = {"valueCoding": {"code": "1"}}


def two_values(entry):
    entry["answer"][0] |= {"valueString": "x", "valueDecimal": 1}


def answer_and_absence(entry):
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    entry["answer"][0]["extension"] = [{"url": url, "valueCode": "asked-declined"}]


def item_in_the_item(entry):
    entry["item"] = [deepcopy(entry)]


def item_in_the_answer(entry):
    entry["answer"][0]["item"] = [deepcopy(entry)]


HARM = [
    *(unknown_element, other_item, no_item, second_answer, no_answer_in_the_list, answer_that_is_no_list),
    *(empty_answer, null_answer, null_value, value_in_a_list, text_value, decimal_value, swapped_type),
    *(number_as_truth, out_of_range, other_system, no_system, two_values, answer_and_absence),
    *(item_in_the_item, item_in_the_answer),
]
