"""Writes a QuestionnaireResponse as our own form and drafts do."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from questionnaires.model import Answer, Item, ItemType, Questionnaire
from questionnaires.turns import is_repeated_group, spot_of, walk
from questionnaires.vocabulary import ASKED_DECLINED, DATA_ABSENT_REASON
from questionnaires.written import key_of, written

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
        answers: spot (`turns`; without repeated groups the linkId) -> answers; those of items that are no longer asked
            are left out.
        skipped: spots that the patient left out on purpose; an answer to the same item wins.
        about: status, time, request and subject.

    Returns:
        UTF-8 bytes, with the Danish texts that the patient saw, in the order of the questionnaire.
    """
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
    items = _Writer(questionnaire, answers, skipped).items(questionnaire.items, ())
    if items:
        resource["item"] = items
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()


class _Writer:
    def __init__(
        self, questionnaire: Questionnaire, answers: Mapping[str, tuple[Answer, ...]], skipped: Collection[str]
    ) -> None:
        asked = [one for one in walk(questionnaire, answers, skipped) if not one.ends]
        self._given = {one.spot: answers.get(one.spot, ()) for one in asked}
        self._skipped = self._given.keys() & set(skipped)
        self._turns: dict[str, int] = {}
        for one in asked:
            if is_repeated_group(one.item):
                begins = spot_of(one.item.link_id, one.turns[:-1])
                self._turns[begins] = max(self._turns.get(begins, 1), one.turns[-1])

    def items(self, items: Sequence[Item], turns: tuple[int, ...]) -> list[dict[str, Any]]:
        """Write the items of one level."""
        found = []
        for item in items:
            if is_repeated_group(item):
                count = self._turns.get(spot_of(item.link_id, turns), 0)
                found += [self._item(item, (*turns, turn)) for turn in range(1, count + 1)]
            elif item.type is not ItemType.DISPLAY:
                found.append(self._item(item, turns))
        return [item for item in found if item is not None]

    def _item(self, item: Item, turns: tuple[int, ...]) -> dict[str, Any] | None:
        """Write one item; None if there is nothing to say about it."""
        head = {"linkId": item.link_id, "text": item.text.da}
        inner = self.items(item.items, turns)
        if item.type is ItemType.GROUP:
            return head | {"item": inner} if inner else None
        spot = spot_of(item.link_id, turns)
        answers: list[dict[str, Any]] = [{key_of(item, one): written(item, one)} for one in self._given.get(spot, ())]
        if answers and inner:
            answers[0]["item"] = inner
        if answers:
            return head | {"answer": answers}
        return head | {"answer": [ABSENCE]} if spot in self._skipped else None
