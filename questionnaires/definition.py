"""Compiles a definition file, a FHIR R4 Questionnaire with SDC conventions, into the values of this room."""

import hashlib
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.definition_checks import check_questionnaire
from questionnaires.extensions import bilingual_of, code_of, flag_of, integer_of, points_of, translated
from questionnaires.model import Answer, Coded, Condition, Item, ItemType, Option, Questionnaire, Text
from questionnaires.vocabulary import (
    ANCHOR_HIGH,
    ANCHOR_LOW,
    CONTACT,
    INTRO,
    ITEM_WEIGHT,
    MAX_VALUE,
    MIN_VALUE,
    NO,
    ORDINAL_VALUE,
    RECALL,
    ROLE,
    SAFETY_SCREEN,
    SKIP,
    YES,
)

OPERATORS = ("exists", "=", "!=", ">", "<", ">=", "<=")
ITEM_ELEMENTS = (
    *("linkId", "extension", "code", "text", "_text", "type", "enableWhen", "enableBehavior"),
    *("required", "repeats", "maxLength", "answerOption", "item"),
)


def compile_questionnaire(raw: bytes, where: str) -> Questionnaire:
    """Compile one definition file.

    Args:
        raw: the file's bytes.
        where: file name, for messages.

    Raises:
        ContentError: the file is not JSON, not a Questionnaire that we can ask, or contradicts itself.

    Source: HL7 SDC 4.0.0; docs/architecture.md section 3.
    """
    fields = Fields.of_bytes(raw, where)
    if fields.raw.get("resourceType") != "Questionnaire":
        raise fields.fail("resourceType", "Questionnaire")
    fields.one_of("status", ("active",))
    fields.text("copyright")
    items = tuple(_item(part) for part in fields.parts("item"))
    url = fields.text("url")
    questionnaire = Questionnaire(
        id=url.rsplit("/", 1)[-1],
        url=url,
        version=fields.text("version"),
        title=translated(fields, "title"),
        intro=bilingual_of(fields, INTRO) or Text(""),
        recall=bilingual_of(fields, RECALL) or Text(""),
        items=items,
        by_link_id=MappingProxyType({item.link_id: item for item in _flat(items)}),
        sha256=hashlib.sha256(raw).hexdigest(),
        source=raw,
        safety_screen=flag_of(fields, SAFETY_SCREEN),
    )
    check_questionnaire(questionnaire, tuple(_flat(items)), where)
    if fields.text("id") != questionnaire.fhir_id:
        raise fields.fail("id", questionnaire.fhir_id)
    return questionnaire


def _flat(items: Sequence[Item]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _flat(item.items)


def _item(fields: Fields) -> Item:
    fields.refuse_others(ITEM_ELEMENTS)
    return Item(
        link_id=fields.text("linkId"),
        type=ItemType(fields.one_of("type", list(ItemType))),
        text=translated(fields, "text"),
        recall=bilingual_of(fields, RECALL),
        low=bilingual_of(fields, ANCHOR_LOW),
        high=bilingual_of(fields, ANCHOR_HIGH),
        yes=bilingual_of(fields, YES),
        no=bilingual_of(fields, NO),
        required=fields.flag("required"),
        repeats=fields.flag("repeats"),
        options=tuple(_option(part) for part in fields.parts("answerOption")),
        min_value=integer_of(fields, MIN_VALUE),
        max_value=integer_of(fields, MAX_VALUE),
        max_length=fields.integer("maxLength") if "maxLength" in fields else None,
        enable_when=tuple(_condition(part) for part in fields.parts("enableWhen")),
        enable_any="enableBehavior" in fields and fields.one_of("enableBehavior", ("all", "any")) == "any",
        role=code_of(fields, ROLE, ""),
        contact=code_of(fields, CONTACT, ""),
        skip=code_of(fields, SKIP, "confirm"),
        items=tuple(_item(part) for part in fields.parts("item")),
    )


def _option(fields: Fields) -> Option:
    fields.refuse_others(("extension", "valueCoding"))
    coding = fields.part("valueCoding")
    return Option(
        system=coding.text("system"),
        code=coding.text("code"),
        display=translated(coding, "display"),
        points=points_of(fields, ORDINAL_VALUE, ITEM_WEIGHT),
    )


def _condition(fields: Fields) -> Condition:
    fields.refuse_others(("question", "operator", "answerBoolean", "answerInteger", "answerCoding"))
    return Condition(fields.text("question"), fields.one_of("operator", OPERATORS), _compared_with(fields))


def _compared_with(fields: Fields) -> Answer:
    if "answerInteger" in fields:
        return fields.integer("answerInteger")
    if "answerCoding" in fields:
        coding = fields.part("answerCoding")
        return Coded(coding.text("system"), coding.text("code"))
    if "answerBoolean" not in fields:
        raise fields.fail("answer", "answerBoolean, answerInteger or answerCoding")
    return fields.flag("answerBoolean")
