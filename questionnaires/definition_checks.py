"""What must hold in a definition of ours before it may be asked: a fault stops the start, never a patient."""

from collections.abc import Callable, Sequence
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.model import HELP, Coded, Condition, Item, ItemType, Questionnaire, Reference

ROLES = ("", "danger-notice", "advice", HELP)
CONTACTS = ("", "emergency", "now", "now-else-emergency")
SKIPS = ("confirm", "free")
CHOICES = (ItemType.CHOICE, ItemType.OPEN_CHOICE)
WITH_LENGTH = (ItemType.STRING, ItemType.TEXT, ItemType.URL, ItemType.OPEN_CHOICE)


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


def _is_vainly_required(group: Item) -> bool:
    """Tell whether a group asks for an answer that the patient may leave out question by question."""
    return group.required and not any(
        inner.must_be_answered and not inner.enable_when for inner in group.items if inner.type is not ItemType.GROUP
    )


def _points_twice(item: Item) -> bool:
    points = [option.points for option in item.options if option.points is not None]
    return len(set(points)) != len(points)


RULES: MappingProxyType[str, Callable[[Item], bool]] = MappingProxyType(
    {
        "a patient's form cannot ask for a reference: no patient can name a record of a system": lambda item: (
            item.type is ItemType.REFERENCE or any(isinstance(one, Reference) for one in item.values)
        ),
        "a patient's form has nothing filled in, computed, read-only or hidden: ask, or leave it out": lambda item: (
            bool(item.initial) or item.calculated or item.read_only or item.hidden
        ),
        "a required group needs a question that must be answered; and a group stands once at least as it is": (
            lambda item: item.type is ItemType.GROUP and (_is_vainly_required(item) or item.limits.min_occurs > 1)
        ),
        "the text has no English translation": lambda item: not item.text.en,
        "unknown role": lambda item: item.role not in ROLES,
        "unknown contact, or a contact without a notice": lambda item: (
            item.contact not in CONTACTS or (item.contact != "" and not item.role)
        ),
        "unknown skip": lambda item: item.skip not in SKIPS,
        "a question with several answers has no nested items: put both into a group that repeats": lambda item: (
            item.repeats and item.type is not ItemType.GROUP and any(one.role != HELP for one in item.items)
        ),
        "a choice needs options, all codings or none": lambda item: (
            (item.type in CHOICES) and (bool(item.options) == bool(item.values))
        ),
        "maxLength belongs to a text": lambda item: item.max_length is not None and item.type not in WITH_LENGTH,
        "only a display explains, and it has no condition": lambda item: (
            item.role == HELP and (item.type is not ItemType.DISPLAY or bool(item.enable_when))
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
