"""Mutations that change nothing of what was answered: each must be accepted, with the same answers."""

import json

from tests.proof.gate_case import Case

ELSEWHERE = "https://elsewhere.example/StructureDefinition/"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml">Besvaret skema</div>'


def extension(case: Case) -> dict[str, object]:
    """Make up an extension that nobody here knows."""
    key, value = case.pick(
        (
            *(("valueInteger", 1), ("valueString", "Målt på pladen"), ("valueDecimal", 1.50), ("valueBoolean", False)),
            *(("valueDateTime", "2026-11-20"), ("valueCode", "web"), ("valueInstant", "2026-11-20T09:30:00.125Z")),
            *(("valueCoding", {"code": "a"}), ("valueQuantity", {"value": 2, "unit": "s"})),
            *(("valuePeriod", {"start": "2026-11-20"}), ("valueReference", {"display": "Klinikken"})),
            ("extension", [{"url": "del", "valueTime": "09:30:00"}, {"url": "del", "valueMarkdown": "*x*"}]),
        )
    )
    return {"url": ELSEWHERE + case.pick(("a", "b")), key: value}


def unchanged(case):
    return case.raw()


def other_whitespace(case):
    return case.pick((b"", b"\n", b" \r\n\t")) + json.dumps(
        case.resource, indent=case.pick((None, 0, 1, 4, "\t")), separators=case.pick(((",", ":"), (" , ", " : ")))
    ).encode() + case.pick((b"", b"\n", b" \r\n\t"))  # fmt: skip


def other_order_of_keys(case):
    case.resource = shuffled(case.resource, case)
    return case.raw()


def shuffled(value, case):
    if isinstance(value, list):
        return [shuffled(one, case) for one in value]
    if not isinstance(value, dict):
        return value
    names = list(value)
    case.random.shuffle(names)
    return {name: shuffled(value[name], case) for name in names}


def escaped_letters(case):
    """Every letter of a text may be written as an escape, and a slash too."""
    written = json.dumps(case.resource, ensure_ascii=False)
    return case.pick(
        (
            json.dumps(case.resource, ensure_ascii=True),
            written.replace("/", "\\/"),
            written.replace("completed", "\\u0063ompleted"),
            written.replace('"linkId"', '"\\u006cinkId"'),
        )
    ).encode()


def more_extensions(case):
    case.resource.setdefault("extension", []).append(extension(case))
    for one in case.items:
        if case.random.random() < 0.5:
            one["extension"] = [extension(case)]


def extensions_of_answers(case):
    place = case.answered()
    case.answer(place)["extension"] = [extension(case)]


def extensions_of_codings(case):
    place = case.answered("choice")
    coding = case.answer(place)["valueCoding"]
    coding |= case.pick(
        ({"extension": [extension(case)]}, {"id": "c1"}, {"_display": {"extension": [extension(case)]}})
    )
    coding.setdefault("display", "Svar")


def other_display(case):
    place = case.answered("choice")
    case.answer(place)["valueCoding"]["display"] = case.pick(("Never", "Aldrig", "nie", "Ø 😀", "1", "En\nto"))


def user_selected(case):
    place = case.answered("choice")
    case.answer(place)["valueCoding"] |= case.pick(({"userSelected": True}, {"version": "2.0.0"}))


def translated_text(case):
    place = case.standing()
    case.items[place]["text"] = case.pick(("Does it hurt?", "Tut es weh?", "هل يؤلمك؟", "Gør det ondt?\nSvar her."))


def translation_of_a_text(case):
    place = case.standing()
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": "Does it hurt?"}]
    translation = {"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}
    case.items[place] |= {"text": "Gør det ondt?", "_text": {"extension": [translation]}}


def no_text(case):
    for one in case.items:
        one.pop("text", None)


def ids(case):
    case.resource["id"] = case.pick((case.uuid(), "a.b-C", "1" * 64))
    for place, one in enumerate(case.items):
        one["id"] = f"i{place}"
        for answer in one.get("answer", ()):
            answer["id"] = f"a {place}"


def meta(case):
    case.resource["meta"] = {
        "versionId": "1",
        "lastUpdated": "2026-11-20T09:30:00.000Z",
        "source": "https://elsewhere.example",
        "profile": ["https://elsewhere.example/StructureDefinition/x|1"],
        "security": [{"system": "https://elsewhere.example", "code": "x"}],
        "tag": [{"code": "x", "display": "Prøve"}],
    }


def narrative(case):
    case.resource |= {"language": case.pick(("da", "da-DK", "en")), "text": {"status": "generated", "div": DIV}}


def who_and_where(case):
    practitioner = {"type": "Practitioner", "display": "Lise Holm", "identifier": {"system": "a:b", "value": "1"}}
    case.resource |= case.pick(
        (
            {"author": practitioner, "source": {"reference": "https://elsewhere.example/fhir/Patient/1"}},
            {"identifier": {"use": "official", "system": "a:b", "value": case.uuid()}},
            {"encounter": {"reference": "Encounter/1"}, "partOf": [{"reference": "Procedure/1"}]},
            {
                "basedOn": [
                    {"reference": "CarePlan/1"},
                    {"reference": "https://elsewhere.example/fhir/ServiceRequest/2"},
                ]
            },
        )
    )


def contained_person(case):
    person = {"resourceType": "RelatedPerson", "id": "r", "patient": {"reference": "Patient/1"}}
    case.resource |= {"contained": [person], "author": {"reference": "#r"}}


def other_moment(case):
    case.resource["authored"] = case.pick(
        (
            *("2026-11-20T09:30:00.123456789+01:00", "2026-12-31T23:59:60Z", "2024-02-29T00:00:00-14:00"),
            *("2026-11-20T09:30:00Z", "2026-11-20T00:00:00+14:00", "0001-01-01T00:00:00Z"),
        )
    )


def no_moment(case):
    del case.resource["authored"]


def other_status(case):
    case.resource["status"] = case.pick(("in-progress", "completed", "amended"))


def unanswered_item(case):
    """An item without an answer means the same as no item (SDC)."""
    standing = {one["linkId"] for one in case.items}
    unasked = [one for one in case.form.questions if one.link_id not in standing and one.is_asked(case.answers)]
    case.insert({"linkId": case.pick(unasked).link_id})


def no_items_at_all(case):
    """Nothing is required in these forms."""
    case.resource.pop("item", None)
    case.answers, case.skipped = {}, set()


def nobody(case):
    for name in ("subject", "basedOn"):
        case.resource.pop(name, None)


HARMLESS = (
    *(unchanged, other_whitespace, other_order_of_keys, escaped_letters, more_extensions, extensions_of_answers),
    *(extensions_of_codings, other_display, user_selected, translated_text, translation_of_a_text, no_text, ids, meta),
    *(narrative, who_and_where, contained_person, other_moment, no_moment, other_status, unanswered_item),
    *(no_items_at_all, nobody),
)
