"""Valid responses to made-up questionnaires, filled by rules of their own: this file knows nothing of the gate."""

import operator
from typing import Any

from hypothesis import strategies as st

from tests.property.questionnaires.made_form import key_of, value

COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


def plain(given):
    """What is compared: all dates and times here are of one form and zone, so their texts sort as they do."""
    if isinstance(given, dict):
        return given.get("value", given.get("reference", (given.get("system"), given.get("code"))))
    return given


def holds(condition, answers):
    wanted = next(part for name, part in condition.items() if name.startswith("answer"))
    if condition["operator"] == "exists":
        return bool(answers) is wanted
    compare = COMPARE[condition["operator"]]
    return any(
        compare(plain(given), plain(wanted))
        if type(plain(given)) is type(plain(wanted))
        else condition["operator"] == "!="
        for given in answers
    )


def is_asked(item, known):
    truths = [holds(condition, known.get(condition["question"], [])) for condition in item.get("enableWhen", [])]
    if not truths:
        return True
    return any(truths) if item.get("enableBehavior") == "any" else all(truths)


def names(item):
    """Every linkId of an item and below."""
    return [item["linkId"], *(name for inner in item.get("item", []) for name in names(inner))]


def must_stand(item):
    """Whether it must have an answer, or something in it must, as far as the form says."""
    return item.get("required") or (
        item["type"] == "group" and not item.get("repeats") and any(must_stand(inner) for inner in item["item"])
    )


class Filling:
    """Fills a form. `known` are the answers of the nearest occurrence of each question, as the next item sees them.

    `places` collects every item that stands (path, item) and `closed` every one that may not (path of its list, index,
    item).
    """

    def __init__(self, draw):
        self.draw = draw
        self.places = []
        self.closed = []

    def items(self, items, known, path):
        filled: list[dict[str, Any]] = []
        for item in items:
            for name in names(item):
                known.pop(name, None)
            if item["type"] == "display":
                continue
            if not is_asked(item, known):
                self.closed.append((path, len(filled), item))
                continue
            if item["type"] == "group":
                filled += self.groups(item, known, (*path, "item"), len(filled))
            elif must_stand(item) or self.draw(st.integers(0, 3)):
                filled.append(self.question(item, known, (*path, "item", len(filled))))
        return filled

    def groups(self, item, known, path, at):
        times = self.draw(st.integers(1 if item.get("required") else 0, 3)) if item.get("repeats") else 1
        found: list[dict[str, Any]] = []
        for _ in range(times):
            # Each occurrence sees what was before the group, and leaves what it has for what comes after.
            for name in names(item)[1:]:
                known.pop(name, None)
            here = (*path, at + len(found))
            kept, closed = len(self.places), len(self.closed)
            self.places.append((here, item))
            inner = self.items(item["item"], known, here)
            if inner:
                found.append({"linkId": item["linkId"], "item": inner})
            elif not item.get("repeats"):
                # A group without answers does not stand, so nothing can be put into it.
                del self.places[kept]
                del self.closed[closed:]
            else:
                found.append({"linkId": item["linkId"]})
        return found

    def question(self, item, known, path):
        most = 3 if item.get("repeats") else 1
        values = [self.draw(value(item["type"])) for _ in range(self.draw(st.integers(1, most)))]
        known[item["linkId"]] = values
        self.places.append((path, item))
        answers = []
        for number, given in enumerate(values):
            answer = {f"value{key_of(item['type'], given)}": given}
            for name in names(item)[1:]:
                known.pop(name, None)
            inner = self.items(item.get("item", []), known, (*path, "answer", number))
            answers.append({**answer, "item": inner} if inner else answer)
        return {"linkId": item["linkId"], "answer": answers}


def fill(draw, form, status="completed"):
    """Fill a form; return the response and how it was filled."""
    filling = Filling(draw)
    items = filling.items(form["item"], {}, ())
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{form['url']}|{form['version']}",
        "status": status,
        **({"item": items} if items else {}),
    }
    return response, filling
