"""Writes a QuestionnaireResponse as our own form and drafts do."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from questionnaires.enablement import enabled
from questionnaires.model import Answer, Coded, Item, ItemType, Option, Questionnaire
from questionnaires.plan import VALUE_KEYS
from questionnaires.vocabulary import ASKED_DECLINED, DATA_ABSENT_REASON

ABSENCE = {"extension": [{"url": DATA_ABSENT_REASON, "valueCode": ASKED_DECLINED}]}


@dataclass(frozen=True, slots=True)
class ResponseAbout:
    """What a response says beside the answers.

    Args:
        status: FHIR status: `in-progress`, `completed` or `amended`.
        authored: when the patient finished, aware.
        request: id of our request that it fulfils.
        subject: reference such as `Patient/<pseudonym>`.
        author: reference of who answered for the subject, who is then source and author; None = nobody is named.
    """

    status: str
    authored: datetime
    request: str | None = None
    subject: str | None = None
    author: str | None = None


def build_response(
    questionnaire: Questionnaire,
    answers: Mapping[str, tuple[Answer, ...]],
    *,
    skipped: Collection[str] = (),
    about: ResponseAbout,
) -> bytes:
    """Write a response as compact FHIR JSON that `check_response` accepts.

    Args:
        questionnaire: what was asked.
        answers: linkId -> answers; those of items that are no longer asked are left out.
        skipped: linkIds that the patient left out on purpose; an answer to the same item wins.
        about: status, time, request and subject.

    Returns:
        UTF-8 bytes, with the Danish texts that the patient saw, in the order of the questionnaire.
    """
    asked = {item.link_id for item in enabled(questionnaire, answers)}
    resource: dict[str, Any] = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire.canonical,
        "status": about.status,
        "authored": about.authored.isoformat(timespec="milliseconds"),
    }
    if about.request is not None:
        resource["basedOn"] = [{"reference": f"ServiceRequest/{about.request}"}]
    if about.subject is not None:
        resource["subject"] = {"reference": about.subject}
    if about.author is not None:
        resource |= {name: {"reference": about.author} for name in ("author", "source")}
    given = {link_id: answers.get(link_id, ()) for link_id in asked}
    items = _items(questionnaire.items, given, asked & set(skipped))
    if items:
        resource["item"] = items
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()


def _items(
    items: Sequence[Item], given: Mapping[str, tuple[Answer, ...]], skipped: Collection[str]
) -> list[dict[str, Any]]:
    written = (_item(item, given, skipped) for item in items if item.type is not ItemType.DISPLAY)
    return [item for item in written if item is not None]


def _item(item: Item, given: Mapping[str, tuple[Answer, ...]], skipped: Collection[str]) -> dict[str, Any] | None:
    """Write one item; None if there is nothing to say about it."""
    head = {"linkId": item.link_id, "text": item.text.da}
    inner = _items(item.items, given, skipped)
    if item.type is ItemType.GROUP:
        return head | {"item": inner} if inner else None
    answers = [{VALUE_KEYS[item.type]: _value(item, answer)} for answer in given.get(item.link_id, ())]
    if answers and inner:
        answers[0]["item"] = inner
    if answers:
        return head | {"answer": answers}
    return head | {"answer": [ABSENCE]} if item.link_id in skipped else None


def _value(item: Item, answer: Answer) -> Any:
    if not isinstance(answer, Coded):
        return answer
    option = _option(item, answer)
    return {"system": option.system, "code": option.code, "display": option.display.da}


def _option(item: Item, answer: Coded) -> Option:
    return next(one for one in item.options if (one.system, one.code) == (answer.system, answer.code))
