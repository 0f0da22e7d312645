import json

import pytest

from kernel.errors import ContentError
from questionnaires.definition import compile_questionnaire
from questionnaires.model import Coded, ItemType, Text
from tests.unit.questionnaires.forms import (
    SYSTEM,
    choice,
    definition,
    english,
    integer,
    item,
    option,
    questionnaire,
    when,
)

OURS = "https://svarbro.example/fhir/StructureDefinition/questionnaire-"

WORDS = [
    {
        "url": f"https://svarbro.example/fhir/StructureDefinition/questionnaire-{word}",
        "extension": [{"url": lang, "valueString": f"{word} {lang}"} for lang in ("da", "en")],
    }
    for word in ("yes", "no")
]

HL7 = "http://hl7.org/fhir/StructureDefinition/"
HIDDEN = {"url": HL7 + "questionnaire-hidden", "valueBoolean": True}
TWICE = [{"url": HL7 + "questionnaire-minOccurs", "valueInteger": 2}]
EXPLAINS = {"url": HL7 + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "help"}]}}
KILO = {
    "url": HL7 + "questionnaire-unitOption",
    "valueCoding": {"system": "http://unitsofmeasure.org", "code": "kg", "display": "kg"},
}
HALF_TRANSLATED = {"url": OURS + "recall", "extension": [{"url": "da", "valueString": "x"}]}


def contact(code, *, role=""):
    base = "https://svarbro.example/fhir/StructureDefinition/questionnaire-"
    told = {"contact": code, "role": role}
    return [{"url": f"{base}{name}", "valueCode": value} for name, value in told.items() if value]


def ours(name, da, en):
    return {
        "url": OURS + name,
        "extension": [{"url": "da", "valueString": da}, {"url": "en", "valueString": en}],
    }


def test_a_definition_becomes_values():
    extensions = [
        ours("recall", "I dag", "Today"),
        ours("anchor-low", "Lidt", "Little"),
        ours("anchor-high", "Meget", "Much"),
        {"url": OURS + "skip", "valueCode": "free"},
    ]
    form = questionnaire(
        choice("c", 0, 1, extension=extensions, required=True, repeats=True),
        item("n", "display", enableWhen=[when("c", answer={"system": SYSTEM, "code": "1"})], enableBehavior="any"),
        extension=[
            ours("intro", "Velkommen", "Welcome"),
            ours("recall", "Nu", "Now"),
            {"url": OURS + "safety-screen", "valueBoolean": True},
        ],
    )

    graded, notice = form.items
    assert (form.id, form.fhir_id, form.canonical) == ("small", "small-1.0.0", form.url + "|1.0.0")
    assert (form.title, form.intro, form.recall) == (
        Text("Lille skema", "Small form"),
        Text("Velkommen", "Welcome"),
        Text("Nu", "Now"),
    )
    assert form.safety_screen
    assert (graded.recall, graded.low, graded.high) == (
        Text("I dag", "Today"),
        Text("Lidt", "Little"),
        Text("Meget", "Much"),
    )
    assert (graded.required, graded.repeats, graded.skip, graded.role) == (True, True, "free", "")
    assert [(one.code, one.points, one.display) for one in graded.options] == [
        ("0", 0, Text("Svar 0")),
        ("1", 1, Text("Svar 1")),
    ]
    assert notice.enable_any
    assert notice.enable_when[0].answer == Coded(SYSTEM, "1")


def test_a_plain_definition_has_the_defaults():
    form = questionnaire(item("t", "text", maxLength=5), integer("n", 0, 3))

    text, number = form.items
    assert (form.intro, form.recall, form.safety_screen) == (Text(""), Text(""), False)
    assert (text.type, text.max_length, text.skip, text.required) == (ItemType.TEXT, 5, "confirm", False)
    assert (number.min_value, number.max_value, number.enable_any) == (0, 3, False)


def test_a_yes_no_item_may_have_words_of_its_own():
    form = questionnaire(item("own", "boolean", extension=WORDS), item("plain", "boolean"))

    own, plain = form.items
    assert (own.yes, own.no) == (Text("yes da", "yes en"), Text("no da", "no en"))
    assert (plain.yes, plain.no) == (None, None)


@pytest.mark.parametrize(
    ("role", "code", "emergency"),
    [
        ("danger-notice", "", True),
        ("danger-notice", "emergency", True),
        ("danger-notice", "now-else-emergency", True),
        ("danger-notice", "now", False),
        ("advice", "now", False),
    ],
)
def test_a_danger_notice_sends_to_112_unless_it_names_another_contact(role, code, emergency):
    (notice,) = questionnaire(item("d", "display", extension=contact(code, role=role))).items

    assert (notice.contact, notice.names_emergency) == (code, emergency)


def test_every_type_that_a_person_can_answer_is_asked():
    kinds = ("decimal", "date", "dateTime", "time", "url", "attachment")
    form = questionnaire(
        *(item(kind, kind) for kind in kinds),
        item("quantity", "quantity", extension=[KILO]),
        item("open-choice", "open-choice", answerOption=[option("a", None)]),
        item("words", "choice", answerOption=[{"valueString": "rask"}, {"valueString": "syg"}]),
        item("group", "group", repeats=True, item=[item("s", "string", repeats=True)]),
    )

    assert [item.type.value for item in form.items] == [*kinds, "quantity", "open-choice", "choice", "group"]
    assert [(one.system, one.code, one.display.da) for one in form.items[6].units] == [
        ("http://unitsofmeasure.org", "kg", "kg")
    ]
    assert form.items[8].values == ("rask", "syg")


def test_a_display_may_explain_what_it_stands_in():
    group, question = questionnaire(
        item("g", "group", item=[item("d", "display", extension=[EXPLAINS]), item("b", "boolean")]),
        item("q", "integer", repeats=True, item=[item("e", "display", extension=[EXPLAINS])]),
    ).items

    assert (group.help, question.help, group.items[1].help) == (Text("Om d", "About d"), Text("Om e", "About e"), None)


def test_units_are_found_among_other_extensions():
    recall = {
        "url": OURS + "recall",
        "extension": [{"url": "da", "valueString": "i dag"}, {"url": "en", "valueString": "today"}],
    }
    (weight,) = questionnaire(item("weight", "quantity", extension=[recall, KILO])).items

    assert [one.code for one in weight.units] == ["kg"]


def test_item_weight_is_read_like_ordinal_value():
    form = questionnaire(item("c", "choice", answerOption=[option("a", 7, "itemWeight"), option("unknown", None)]))

    assert [one.points for one in form.items[0].options] == [7, None]


def test_nested_items_are_found_by_link_id_in_document_order():
    form = questionnaire(item("g", "group", item=[item("b", "boolean"), integer("n")]), item("t", "string"))

    assert list(form.by_link_id) == ["g", "b", "n", "t"]


@pytest.mark.parametrize(
    ("told", "raw"),
    [
        ("not JSON", b"{"),
        ("resourceType", definition(item("b", "boolean"), resourceType="Patient")),
        ("status", definition(item("b", "boolean"), status="draft")),
        ("copyright", definition(item("b", "boolean"), copyright=" ")),
        ("title", definition(item("b", "boolean"), title=None)),
        ("English", definition(item("b", "boolean"), _title=None)),
        ("_title", definition(item("b", "boolean"), _title=[])),
        ("url", definition(item("b", "boolean"), url=3)),
        ("id", definition(item("b", "boolean"), id="other-1.0.0")),
        ("empty", definition()),
        ("no item", definition(item=None)),
        ("A list", definition(item=3)),
        ("An object", definition(item=[3])),
        ("twice", definition(item("b", "boolean"), item("b", "boolean"))),
        ("twice", definition(item("g", "group", item=[item("b", "boolean")]), item("b", "boolean"))),
        ("answerValueSet: the value set is not contained", definition(item("b", "choice", answerValueSet="x"))),
        ("no patient can name a record", definition(item("r", "reference"))),
        (
            "no patient can name a record",
            definition(item("c", "choice", answerOption=[{"valueReference": {"reference": "Patient/1"}}])),
        ),
        ("filled in", definition(item("b", "boolean", initial=[{"valueBoolean": True}]))),
        ("filled in", definition(item("c", "choice", answerOption=[{**option("a", 1), "initialSelected": True}]))),
        ("filled in", definition(item("b", "boolean", readOnly=True))),
        ("filled in", definition(item("b", "boolean", extension=[HIDDEN]))),
        ("required group needs", definition(item("g", "group", required=True, item=[item("b", "boolean")]))),
        ("required group needs", definition(item("g", "group", repeats=True, extension=TWICE, item=[integer("n")]))),
        ("all codings or none", definition(item("c", "choice", answerOption=[option("a", 1), {"valueString": "b"}]))),
        ("unknown field prefix", definition(item("b", "boolean", prefix="1."))),
        ("only a display explains", definition(item("b", "boolean", extension=[EXPLAINS]))),
        (
            "it has no condition",
            definition(item("b", "boolean"), item("d", "display", extension=[EXPLAINS], enableWhen=[when("b")])),
        ),
        ("linkId", definition(item("", "boolean"))),
        ("required", definition(item("b", "boolean", required="true"))),
        ("maxLength", definition(item("t", "text", maxLength=True))),
        ("maxLength", definition(item("t", "text", maxLength=0))),
        ("maxLength", definition(item("b", "boolean", maxLength=4))),
        ("minValue is above", definition(integer("n", 4, 3))),
        ("minValue does not belong", definition(integer("n", 4, None, type="boolean"))),
        ("maxValue does not belong", definition(integer("n", None, 4, type="boolean"))),
        ("unknown contact", definition(item("d", "display", extension=contact("other", role="advice")))),
        ("unknown contact", definition(item("d", "display", extension=contact("now")))),
        ("come together", definition(item("b", "boolean", extension=WORDS[:1]))),
        ("come together", definition(item("b", "boolean", extension=WORDS[1:]))),
        ("come together", definition(item("t", "text", extension=WORDS))),
        ("English", definition({"linkId": "b", "text": "Om b", "type": "boolean"})),
        ("English", definition(item("b", "boolean", _text={"id": "x"}))),
        (
            "_text",
            definition(
                item(
                    "b",
                    "boolean",
                    _text={"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation"}]},
                )
            ),
        ),
        ("needs options", definition(item("c", "choice"))),
        ("options belong", definition(item("b", "boolean", answerOption=[option("a", 1)]))),
        ("stands twice", definition(choice("c", 1, 1))),
        ("must differ", definition(item("c", "choice", answerOption=[option("a", 1), option("b", 1)]))),
        ("stands twice", definition(item("c", "choice", answerOption=[option("a", 1), option("a", None)]))),
        ("whole number", definition(item("c", "choice", answerOption=[option("a", 1.5)]))),  # type: ignore[arg-type]  # what is refused
        ("group needs", definition(item("g", "group"))),
        ("display has no", definition(item("d", "display", item=[item("b", "boolean")]))),
        ("neither required nor repeated", definition(item("d", "display", repeats=True))),
        ("maxLength belongs", definition(item("g", "group", maxLength=3, item=[item("b", "boolean")]))),
        ("neither required nor repeated", definition(item("d", "display", required=True))),
        ("no nested items", definition(item("b", "boolean", repeats=True, item=[integer("n")]))),
        ("unknown role", definition(item("d", "display", extension=[{"url": OURS + "role", "valueCode": "x"}]))),
        ("unknown skip", definition(item("b", "boolean", extension=[{"url": OURS + "skip", "valueCode": "x"}]))),
        ("da and en", definition(item("b", "boolean", extension=[HALF_TRANSLATED]))),
        ("no earlier item", definition(integer("n", enableWhen=[when("b")]), item("b", "boolean"))),
        ("hang on itself", definition(item("b", "boolean", enableWhen=[when("b")]))),
        ("cannot have", definition(integer("n"), item("b", "boolean", enableWhen=[when("n", answer=True)]))),
        ("cannot have", definition(item("b", "boolean"), integer("n", enableWhen=[when("b", answer=1)]))),
        ("have none", definition(item("b", "boolean"), integer("n", enableWhen=[when("b", ">", answer=True)]))),
        ("cannot have", definition(integer("n"), integer("m", enableWhen=[when("n", "exists", answer=1)]))),
        ("cannot have", definition(item("d", "display"), integer("m", enableWhen=[when("d", "exists", answer=True)]))),
        (
            "cannot have",
            definition(
                choice("c", 0), item("b", "boolean", enableWhen=[when("c", answer={"system": SYSTEM, "code": "9"})])
            ),
        ),
        ("operator", definition(integer("n"), integer("m", enableWhen=[when("n", "~", answer=1)]))),
        (
            "enableWhen[0].answer",
            definition(integer("n"), integer("m", enableWhen=[{"question": "n", "operator": "="}])),
        ),
        (
            "enableBehavior",
            definition(integer("n"), integer("m", enableBehavior="some", enableWhen=[when("n", answer=1)])),
        ),
    ],
)
def test_a_definition_that_contradicts_itself_stops_the_start(told, raw):
    with pytest.raises(ContentError) as caught:
        compile_questionnaire(raw, "small.json")

    assert told in str(caught.value)
    assert "small.json" in str(caught.value)


def test_another_language_is_not_taken_for_english():
    german = json.loads(json.dumps(english("Über b")).replace('"en"', '"de"'))

    with pytest.raises(ContentError, match="translation to en"):
        questionnaire(item("b", "boolean", _text=german))
