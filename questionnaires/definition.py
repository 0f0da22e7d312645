"""Compiles a definition file of ours: a Questionnaire as FHIR has it, and what our own content must add to it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.definition_checks import check_questionnaire
from questionnaires.extensions import bilingual_of, code_of, control_of, flag_of, points_of, translated
from questionnaires.model import HELP, Item, ItemType, Option, Questionnaire, Text
from questionnaires.reading import read_questionnaire
from questionnaires.value_sets import written_out
from questionnaires.vocabulary import (
    ANCHOR_HIGH,
    ANCHOR_LOW,
    CONTACT,
    INTRO,
    ITEM_WEIGHT,
    NO,
    ORDINAL_VALUE,
    RECALL,
    ROLE,
    SAFETY_SCREEN,
    SKIP,
    UNIT,
    UNIT_OPTION,
    YES,
)

ITEM_ELEMENTS = (
    *("linkId", "extension", "code", "text", "_text", "type", "enableWhen", "enableBehavior"),
    *("required", "repeats", "readOnly", "maxLength", "answerOption", "initial", "item"),
)
HELPING = ("help", "flyover")
"""Item controls of a display that explains what it stands in."""


def compile_questionnaire(raw: bytes, where: str) -> Questionnaire:
    """Compile one definition file.

    Args:
        raw: the file's bytes.
        where: file name, for messages.

    Raises:
        ContentError: the file is not JSON, not a Questionnaire that we can ask, or contradicts itself.

    Source: HL7 SDC 4.0.0; docs/architecture.md section 3.
    """
    read = read_questionnaire(raw, where)
    fields = Fields(written_out(Fields.of_bytes(raw, where).raw, where), where)
    fields.one_of("status", ("active",))
    fields.text("copyright")
    fields.text("url")
    fields.text("version")
    items = tuple(_dressed(part, item) for part, item in zip(fields.parts("item"), read.items, strict=True))
    questionnaire = replace(
        read,
        title=translated(fields, "title"),
        intro=bilingual_of(fields, INTRO) or Text(""),
        recall=bilingual_of(fields, RECALL) or Text(""),
        items=items,
        by_link_id=MappingProxyType({item.link_id: item for item in _flat(items)}),
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


def _dressed(fields: Fields, item: Item) -> Item:
    """Add to an item what only our own definitions say."""
    fields.refuse_others(ITEM_ELEMENTS)
    options = fields.parts("answerOption")
    return replace(
        item,
        text=translated(fields, "text"),
        recall=bilingual_of(fields, RECALL),
        low=bilingual_of(fields, ANCHOR_LOW),
        high=bilingual_of(fields, ANCHOR_HIGH),
        yes=bilingual_of(fields, YES),
        no=bilingual_of(fields, NO),
        options=tuple(_option(part) for part in options if "valueCoding" in part),
        role=code_of(fields, ROLE, HELP if control_of(fields) in HELPING else ""),
        contact=code_of(fields, CONTACT, ""),
        skip=code_of(fields, SKIP, "confirm"),
        items=tuple(_dressed(part, inner) for part, inner in zip(fields.parts("item"), item.items, strict=True)),
        units=tuple(_units(fields)) if item.type is ItemType.QUANTITY else (),
    )


def _units(fields: Fields) -> Iterator[Option]:
    for extension in fields.parts("extension"):
        if extension.raw["url"] in (UNIT, UNIT_OPTION):
            coding = extension.part("valueCoding")
            yield Option(coding.text("system"), coding.text("code"), translated(coding, "display"), None)


def _option(fields: Fields) -> Option:
    coding = fields.part("valueCoding")
    return Option(
        system=coding.text("system"),
        code=coding.text("code"),
        display=translated(coding, "display"),
        points=points_of(fields, ORDINAL_VALUE, ITEM_WEIGHT),
    )
