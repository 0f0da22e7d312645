"""What in a payload or on a page tells of a result: a colour, an urgency, a level, a band, a reason or an advice."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from delivery.schedule import Request
from questionnaires.build import ResponseAbout, build_response
from questionnaires.enablement import asked
from questionnaires.model import Answer, Coded, Item, ItemType, Questionnaire, Text
from scoring.levels import Colour, Urgency
from tests.way import CONTENT

PACKAGES = {"COPD": ("KOL",), "low back pain": ("LRS",), "both": ("KOL", "LRS")}
SILENT = (ItemType.GROUP, ItemType.DISPLAY)
COLOURS = {"rød", "gul", "grøn", "røde", "gule", "grønne", *(colour.lower() for colour in Colour)} - {"unknown"}
WORDS = {"niveau", "level", "band", "colour", "urgency", "unknown", *COLOURS, *(urgency.lower() for urgency in Urgency)}
SHORTEST = 9
"""Shorter labels, such as `høj` and `moderat`, are words that any text may use."""


def told(text: str) -> set[str]:
    """Name what a text tells of a result."""
    words = set(re.findall(r"\w[\w-]*", text.lower()))
    parts = {part for word in words for part in re.split(r"[-_]", word)}
    return (words & WORDS) | (parts & COLOURS) | {label for label in labels() if label in text}


@cache
def labels() -> frozenset[str]:
    """Collect every label of a band, and every reason and advice of a decision table, in both languages."""
    return frozenset(words for text in _texts() for words in (text.da, text.en) if len(words) >= SHORTEST)


def _texts() -> Iterator[Text]:
    rules = [CONTENT.catalogue.rule_for(one.canonical) for one in CONTENT.questionnaires.all()]
    for word in (word for rule in rules for score in rule.scores.values() for word in score.words.values()):
        yield from (word.clinician, word.patient)
    for row in (row for table in CONTENT.catalogue.tables() for row in table.rows):
        yield from (row.outcome.reason, row.outcome.action)


def severest(item: Item) -> Answer:
    """Answer one item as a patient whom everything goes badly for: yes, the last option, the highest number."""
    if item.type is ItemType.CHOICE:
        return Coded(item.options[-1].system, item.options[-1].code)
    if item.type is ItemType.BOOLEAN:
        return True
    return "gå på trapper" if item.type is ItemType.STRING else int(item.max_value or 0)


def severely(questionnaire: Questionnaire, request: Request) -> bytes:
    """Answer a whole request so."""
    answers: Mapping[str, tuple[Answer, ...]] = {}
    while more := [
        one for one in asked(questionnaire, answers) if one.type not in SILENT and one.link_id not in answers
    ]:
        answers = {**answers, **{one.link_id: (severest(one),) for one in more}}
    about = ResponseAbout("completed", request.requested_at, request=request.id)
    return build_response(questionnaire, answers, about=about)
