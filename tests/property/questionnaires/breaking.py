"""Ways to break exactly one rule of a made-up questionnaire: each gives (rules that may be named, place, harm)."""

from copy import deepcopy
from functools import partial

from tests.property.questionnaires.made_form import SYSTEM, UCUM, key_of

KIND_RULES = ("not-a-boolean", "not-a-number", "not-on-step", "not-an-option", "invalidAnswerType")


def expression(place):
    told = "QuestionnaireResponse"
    for step in place:
        told += f"[{step}]" if isinstance(step, int) else f".{step}"
    return told


def at(response, path):
    here = response
    for step in path:
        here = here[step]
    return here


def questions(filling):
    return [(path, item) for path, item in filling.places if item["type"] != "group"]


def has(item, name):
    return any(one["url"].endswith(name) for one in item.get("extension", []))


def replace_value(path, key, value, response):
    answer = at(response, path)["answer"][0]
    for name in [name for name in answer if name.startswith("value")]:
        del answer[name]
    answer[f"value{key}"] = value


def wrong_kind(filling):
    """A value of another kind than the item asks for."""
    for path, item in questions(filling):
        kind = item["type"]
        key, value = ("Integer", 1) if kind in ("boolean", "open-choice") else ("Boolean", True)
        yield KIND_RULES, (*path, "answer", 0), partial(replace_value, path, key, value)


def wrong_json(filling):
    """The right name, and a JSON value of another type."""
    for path, item in questions(filling):
        key = key_of(item["type"], {})
        yield (*KIND_RULES, "wrong-type", "not-an-object"), (*path, "answer", 0), partial(replace_value, path, key, [])


BEYOND = {
    "integer": (("minValue", -4, "out-of-range"), ("maxValue", 6, "out-of-range")),
    "decimal": (
        ("minValue", -1.75, "minValue"),
        ("maxValue", 2.5, "maxValue"),
        ("maxDecimalPlaces", 0.125, "maxDecimalPlaces"),
    ),
    "date": (("minValue", "2026-02-02", "minValue"), ("maxValue", "2026-12-01", "maxValue")),
    "dateTime": (
        ("minValue", "2026-02-03T07:59:59Z", "minValue"),
        ("maxValue", "2026-11-30T20:00:01Z", "maxValue"),
    ),
    "time": (("minValue", "07:59:59", "minValue"), ("maxValue", "20:00:01", "maxValue")),
    "string": (("minLength", "a", "minLength"), ("regex", "abd", "regex")),
    "text": (("regex", "abd", "regex"),),
    "attachment": (
        ("mimeType", {"contentType": "image/png", "data": "YWJj"}, "mimeType"),
        ("maxSize", {"contentType": "text/plain", "data": "YWJjZGVm"}, "maxAttachmentSize"),
    ),
    "reference": (("referenceResource", {"reference": "Group/1"}, "invalidRefResourceType"),),
    "quantity": (
        ("minQuantity", {"value": 0.9, "system": UCUM, "code": "kg"}, "minValue"),
        ("maxQuantity", {"value": 9.1, "system": UCUM, "code": "kg"}, "maxValue"),
        ("unitOption", {"value": 5, "system": UCUM, "code": "g"}, "invalidUnit"),
    ),
}


def beyond_a_limit(filling):
    for path, item in questions(filling):
        kind = item["type"]
        for name, value, rule in BEYOND.get(kind, ()):
            if has(item, name):
                yield (rule,), (*path, "answer", 0), partial(replace_value, path, key_of(kind, value), value)
        if "maxLength" in item:
            harm = partial(replace_value, path, "String", "a" * 7)
            yield ("maxLength",), (*path, "answer", 0), harm
        if kind == "string":
            yield ("invalidNewLine",), (*path, "answer", 0), partial(replace_value, path, "String", "ab\nc")
        if kind == "url":
            yield ("invalidUrlValue",), (*path, "answer", 0), partial(replace_value, path, "Uri", "no-scheme")


def no_option(filling):
    for path, item in questions(filling):
        if "answerOption" in item:
            other = {"system": SYSTEM, "code": "c9"}
            yield ("not-an-option",), (*path, "answer", 0), partial(replace_value, path, "Coding", other)


def unknown_item(filling):
    def harm(path, response):
        at(response, path)["linkId"] = "nowhere"

    for path, _ in filling.places:
        yield ("unknown-linkId",), (*path, "linkId"), partial(harm, path)


def item_twice(filling):
    def harm(path, response):
        at(response, path[:-1]).insert(path[-1], deepcopy(at(response, path)))

    for path, item in filling.places:
        if item["type"] != "group" or not item.get("repeats"):
            yield ("duplicate-linkId",), (*path[:-1], path[-1] + 1), partial(harm, path)


def too_many(filling):
    def harm(path, times, response):
        answers = at(response, path)["answer"]
        answers.extend(deepcopy(answers[0]) for _ in range(times - len(answers)))

    for path, item in questions(filling):
        if not item.get("repeats"):
            yield ("repeats",), (*path, "answer", 1), partial(harm, path, 2)
        elif has(item, "maxOccurs"):
            yield ("maxCount",), (*path, "answer", 3), partial(harm, path, 4)


def left_out(filling):
    def harm(path, response):
        entry = at(response, path)
        del entry["answer"]

    for path, item in questions(filling):
        if item.get("required"):
            yield ("required",), path, partial(harm, path)


def answered_though_closed(filling):
    def harm(path, index, item, response):
        around = at(response, path)
        entry = {"linkId": item["linkId"], "answer": [{"valueBoolean": True}]}
        around.setdefault("item", []).insert(index, entry)

    for path, index, item in filling.closed:
        if item["type"] == "boolean":
            yield ("not-enabled",), (*path, "item", index, "answer"), partial(harm, path, index, item)


def other_order(filling):
    def harm(path, response):
        entries = at(response, path[:-1])
        entries[path[-1] - 1], entries[path[-1]] = entries[path[-1]], entries[path[-1] - 1]

    by_path = dict(filling.places)
    for path, item in filling.places:
        before = by_path.get((*path[:-1], path[-1] - 1))
        if before is not None and before["linkId"] != item["linkId"]:
            yield ("wrong-order",), path, partial(harm, path)


def answered_group(filling):
    def harm(path, response):
        at(response, path)["answer"] = [{"valueBoolean": True}]

    for path, item in filling.places:
        if item["type"] == "group":
            yield ("groupShouldNotHaveAnswers",), (*path, "answer"), partial(harm, path)


BREAKERS = (
    *(wrong_kind, wrong_json, beyond_a_limit, no_option, unknown_item, item_twice, too_many, left_out),
    *(answered_though_closed, other_order, answered_group),
)
