"""What must hold in a definition of ours before it may be asked: a fault stops the start, never a patient."""

from collections.abc import Callable, Sequence
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.kinds import NO_LIMITS
from questionnaires.model import Coded, Condition, Item, ItemType, Questionnaire

ROLES = ("", "danger-notice", "advice")
CONTACTS = ("", "emergency", "now", "now-else-emergency")
SKIPS = ("confirm", "free")
ANSWERLESS = (ItemType.GROUP, ItemType.DISPLAY)
SHOWN = (
    *(ItemType.GROUP, ItemType.DISPLAY, ItemType.BOOLEAN, ItemType.INTEGER, ItemType.CHOICE),
    *(ItemType.STRING, ItemType.TEXT),
)
"""Item types that the patient's form can show; a definition with another one is refused until it can."""


def check_questionnaire(questionnaire: Questionnaire, items: Sequence[Item], where: str) -> None:
    """Check a compiled questionnaire.

    Args:
        questionnaire: compiled.
        items: every item, nested ones too, in document order.
        where: file name, for messages.

    Raises:
        ContentError: names the item and the rule.

    Source: docs/architecture.md section 3; `item_checks` has looked at what FHIR asks of every Questionnaire.
    """
    if not items:
        raise ContentError(f"{where}: no item")
    if not questionnaire.title.en:
        raise ContentError(f"{where}: the title has no English translation")
    seen: dict[str, Item] = {}
    for item in items:
        _check_item(item, f"{where}: {item.link_id}")
        for condition in item.enable_when:
            _check_condition(condition, seen.get(condition.question), f"{where}: {item.link_id}")
        seen[item.link_id] = item


def _check_item(item: Item, where: str) -> None:
    for told, broken in RULES.items():
        if broken(item):
            raise ContentError(f"{where}: {told}")


def _points_twice(item: Item) -> bool:
    points = [option.points for option in item.options if option.points is not None]
    return len(set(points)) != len(points)


RULES: MappingProxyType[str, Callable[[Item], bool]] = MappingProxyType(
    {
        "the form cannot show an item of this type yet": lambda item: item.type not in SHOWN,
        "the form cannot hold an answer to its limits, its initial answer, or hide it yet": lambda item: (
            item.limits != NO_LIMITS or bool(item.initial) or item.calculated or item.hidden or bool(item.exclusive)
        ),
        "the text has no English translation": lambda item: not item.text.en,
        "unknown role": lambda item: item.role not in ROLES,
        "unknown contact, or a contact without a notice": lambda item: (
            item.contact not in CONTACTS or (item.contact != "" and not item.role)
        ),
        "unknown skip": lambda item: item.skip not in SKIPS,
        "a group or display takes no answer": lambda item: item.type in ANSWERLESS and item.repeats,
        "a repeating item with nested items is not supported": lambda item: item.repeats and bool(item.items),
        "options belong to a choice, and a choice needs options": lambda item: (
            (item.type is ItemType.CHOICE) != bool(item.options)
        ),
        "maxLength belongs to a text": lambda item: (
            item.max_length is not None and item.type not in (ItemType.STRING, ItemType.TEXT)
        ),
        "points of options must differ": _points_twice,
        "words for yes and no come together, and belong to a yes/no item": lambda item: (
            (item.yes is None) is not (item.no is None) or (item.yes is not None and item.type is not ItemType.BOOLEAN)
        ),
    }
)


def _check_condition(condition: Condition, question: Item | None, where: str) -> None:
    if question is None:
        raise ContentError(f"{where}: enableWhen names {condition.question}, which is no earlier item")
    if isinstance(condition.answer, Coded) and not any(
        (option.system, option.code) == (condition.answer.system, condition.answer.code) for option in question.options
    ):
        raise ContentError(f"{where}: enableWhen compares {condition.question} with an answer it cannot have")
