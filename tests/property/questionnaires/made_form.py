"""Questionnaires made up by hypothesis: every item type, nesting, limits, options and conditions, as FHIR JSON."""

from typing import Any

from hypothesis import strategies as st

FHIR = "http://hl7.org/fhir/StructureDefinition/"
SYSTEM = "https://svarbro.example/fhir/CodeSystem/made"
UCUM = "http://unitsofmeasure.org"
ORDERED = ("integer", "decimal", "date", "dateTime", "time", "string", "text", "quantity")
QUESTIONS = (
    *("boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice", "open-choice"),
    *("attachment", "reference", "quantity"),
)
KEY = {
    "boolean": "Boolean",
    "decimal": "Decimal",
    "integer": "Integer",
    "date": "Date",
    "dateTime": "DateTime",
    "time": "Time",
    "string": "String",
    "text": "String",
    "url": "Uri",
    "choice": "Coding",
    "open-choice": "Coding",
    "attachment": "Attachment",
    "reference": "Reference",
    "quantity": "Quantity",
}
# Ends of the range of each type that has one, both included. What lies between is drawn; what lies beyond is refused.
ENDS = {
    "integer": (-3, 5),
    "decimal": (-1.5, 2.25),
    "date": ("2026-02-03", "2026-11-30"),
    "dateTime": ("2026-02-03T08:00:00Z", "2026-11-30T20:00:00Z"),
    "time": ("08:00:00", "20:00:00"),
    "quantity": (1, 9),
}


def extension(name, kind, value):
    return {"url": FHIR + name, f"value{kind}": value}


def kilograms(value):
    return {"value": value, "unit": "kg", "system": UCUM, "code": "kg"}


def limits(kind):
    """The limits that an item of a type has, where it has any."""
    if kind == "quantity":
        sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
        ends = [
            {"url": f"{sdc}{name}", "valueQuantity": kilograms(end)}
            for name, end in zip(("minQuantity", "maxQuantity"), ENDS[kind], strict=True)
        ]
        return [*ends, extension("questionnaire-unitOption", "Coding", {"system": UCUM, "code": "kg"})]
    if kind in ENDS:
        names = zip(("minValue", "maxValue"), ENDS[kind], strict=True)
        found = [extension(name, KEY[kind], end) for name, end in names]
        return [*found, extension("maxDecimalPlaces", "Integer", 2)] if kind == "decimal" else found
    return {
        "string": [extension("minLength", "Integer", 2), extension("regex", "String", "[a-c]{1,8}")],
        "text": [extension("regex", "String", "^(a|b|c)+$")],
        "attachment": [extension("mimeType", "Code", "text/plain"), extension("maxSize", "Decimal", 0.000005)],
        "reference": [extension("questionnaire-referenceResource", "Code", "Patient")],
    }.get(kind, [])


def value(kind):
    """Values that an item of a type takes, whatever its limits."""
    return {
        "boolean": st.booleans(),
        "decimal": st.integers(-6, 9).map(lambda number: number / 4),
        "integer": st.integers(-3, 5),
        "date": st.dates().map(lambda day: f"2026-{day.month % 9 + 3:02}-{day.day % 28 + 1:02}"),
        "dateTime": st.integers(8, 19).map(lambda hour: f"2026-05-06T{hour:02}:30:00Z"),
        "time": st.integers(8, 19).map(lambda hour: f"{hour:02}:15:00"),
        "string": st.text("abc", min_size=2, max_size=6),
        "text": st.text("abc", min_size=1, max_size=6),
        "url": st.text("abc", min_size=1, max_size=6).map(lambda path: f"https://svarbro.example/{path}"),
        "choice": st.integers(0, 2).map(coding),
        "open-choice": st.integers(0, 2).map(coding) | st.text("abc", min_size=1, max_size=6),
        "attachment": st.sampled_from(["YWJj", "YWJjZGU="]).map(
            lambda data: {"contentType": "text/plain", "data": data}
        ),
        "reference": st.integers(1, 9).map(lambda number: {"reference": f"Patient/{number}"}),
        "quantity": st.integers(1, 9).map(kilograms),
    }[kind]


def coding(number):
    return {"system": SYSTEM, "code": f"c{number}"}


def key_of(kind, given):
    """JSON name of a value without its prefix: an open choice takes a text too."""
    return "String" if kind == "open-choice" and isinstance(given, str) else KEY[kind]


def is_always_answered(item):
    return item.get("required", False) and "enableWhen" not in item


class Making:
    """Makes the items of one form; `seen` are the questions before, as (item, linkIds around)."""

    def __init__(self, draw):
        self.draw = draw
        self.seen: list[dict[str, Any]] = []
        self.count = 0

    def items(self, depth, around):
        return [self.item(depth, around) for _ in range(self.draw(st.integers(1, 3)))]

    def item(self, depth, around):
        kind = self.draw(st.sampled_from((*QUESTIONS, *(("group",) * 4 if depth else ()), "display")))
        self.count += 1
        link_id = f"i{self.count}"
        made: dict[str, Any] = {"linkId": link_id, "type": kind, **self.conditions()}
        if kind == "display":
            return {**made, "text": "Om"}
        made |= {name: True for name in ("required", "repeats") if self.draw(st.booleans())}
        if kind in QUESTIONS:
            self.seen.append(made)
            made |= self.asks(kind, made)
        if kind == "group" or (depth and self.draw(st.integers(0, 5)) == 0):
            made["item"] = self.items(depth - 1, (*around, link_id))
        if kind == "group" and not any(
            inner["type"] in QUESTIONS and is_always_answered(inner) for inner in made["item"]
        ):
            # A required group needs something in it that is always answered, or no response could be made by rule.
            made.pop("required", None)
        return made

    def asks(self, kind, made):
        more: dict[str, Any] = {}
        if kind in ("choice", "open-choice"):
            more["answerOption"] = [{"valueCoding": coding(number)} for number in range(3)]
        extensions = limits(kind) if self.draw(st.booleans()) else []
        if kind in ("string", "text") and self.draw(st.booleans()):
            more["maxLength"] = 6
        if made.get("repeats") and self.draw(st.booleans()):
            extensions = [*extensions, extension("questionnaire-maxOccurs", "Integer", 3)]
        return more | ({"extension": extensions} if extensions else {})

    def conditions(self):
        if not self.seen or self.draw(st.integers(0, 2)):
            return {}
        conditions = [self.condition() for _ in range(self.draw(st.integers(1, 2)))]
        return {"enableWhen": conditions, "enableBehavior": self.draw(st.sampled_from(["all", "any"]))}

    def condition(self):
        question = self.draw(st.sampled_from(self.seen))
        kind = question["type"]
        told = ["exists", "=", "!=", *((">", "<", ">=", "<=") if kind in ORDERED else ())]
        operator = self.draw(st.sampled_from(told if kind not in ("attachment", "url") else ["exists"]))
        if operator == "exists":
            return {"question": question["linkId"], "operator": operator, "answerBoolean": self.draw(st.booleans())}
        wanted = self.draw(value(kind))
        return {"question": question["linkId"], "operator": operator, f"answer{key_of(kind, wanted)}": wanted}


@st.composite
def made_forms(draw):
    making = Making(draw)
    items = making.items(3, ())
    return {
        "resourceType": "Questionnaire",
        "url": "https://svarbro.example/fhir/Questionnaire/made",
        "version": "1.0.0",
        "status": "active",
        "item": items,
    }
