"""What must hold in a definition before it may be asked: a fault stops the start, never a patient."""

from collections import Counter
from collections.abc import Callable, Sequence
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.model import Coded, Condition, Item, ItemType, Questionnaire

ORDERED = (">", "<", ">=", "<=")
ROLES = ("", "danger-notice", "advice")
CONTACTS = ("", "emergency", "now", "now-else-emergency")
SKIPS = ("confirm", "free")
ANSWERLESS = (ItemType.GROUP, ItemType.DISPLAY)


def check_questionnaire(questionnaire: Questionnaire, items: Sequence[Item], where: str) -> None:
    """Check a compiled questionnaire.

    Args:
        questionnaire: compiled.
        items: every item, nested ones too, in document order.
        where: file name, for messages.

    Raises:
        ContentError: names the item and the rule.

    Source: FHIR R4 invariants que-1 to que-13; docs/architecture.md section 3.
    """
    if not items:
        raise ContentError(f"{where}: no item")
    if not questionnaire.title.en:
        raise ContentError(f"{where}: the title has no English translation")
    twice = [link_id for link_id, count in Counter(item.link_id for item in items).items() if count > 1]
    if twice:
        raise ContentError(f"{where}: linkId {', '.join(twice)} stands twice")
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


def _codes_differ(item: Item) -> bool:
    points = [option.points for option in item.options if option.points is not None]
    codes = [(option.system, option.code) for option in item.options]
    return len(set(points)) != len(points) or len(set(codes)) != len(codes)


def _bounds_cross(item: Item) -> bool:
    return item.min_value is not None and item.max_value is not None and item.min_value > item.max_value


RULES: MappingProxyType[str, Callable[[Item], bool]] = MappingProxyType(
    {
        "the text has no English translation": lambda item: not item.text.en,
        "unknown role": lambda item: item.role not in ROLES,
        "unknown contact, or a contact without a notice": lambda item: (
            item.contact not in CONTACTS or (item.contact != "" and not item.role)
        ),
        "unknown skip": lambda item: item.skip not in SKIPS,
        "a group needs items": lambda item: item.type is ItemType.GROUP and not item.items,
        "a display has no items": lambda item: item.type is ItemType.DISPLAY and bool(item.items),
        "a group or display takes no answer": lambda item: (
            item.type in ANSWERLESS and (item.repeats or item.max_length is not None)
        ),
        "a display cannot be required": lambda item: item.type is ItemType.DISPLAY and item.required,
        "a repeating item with nested items is not supported": lambda item: item.repeats and bool(item.items),
        "options belong to a choice, and a choice needs options": lambda item: (
            (item.type is ItemType.CHOICE) != bool(item.options)
        ),
        "codes and points of options must differ": _codes_differ,
        "words for yes and no come together, and belong to a yes/no item": lambda item: (
            (item.yes is None) is not (item.no is None) or (item.yes is not None and item.type is not ItemType.BOOLEAN)
        ),
        "minValue and maxValue belong to an integer": lambda item: (
            item.type is not ItemType.INTEGER and (item.min_value is not None or item.max_value is not None)
        ),
        "minValue is above maxValue": _bounds_cross,
        "maxLength belongs to a text and is at least 1": lambda item: (
            item.max_length is not None and (item.type not in (ItemType.STRING, ItemType.TEXT) or item.max_length < 1)
        ),
    }
)


def _check_condition(condition: Condition, question: Item | None, where: str) -> None:
    if question is None:
        raise ContentError(f"{where}: enableWhen names {condition.question}, which is no earlier item")
    if condition.operator == "exists":
        fits = isinstance(condition.answer, bool) and question.type not in ANSWERLESS
    elif condition.operator in ORDERED:
        fits = question.type is ItemType.INTEGER and type(condition.answer) is int
    else:
        fits = _comparable(condition, question)
    if not fits:
        raise ContentError(f"{where}: enableWhen compares {condition.question} with an answer it cannot have")


def _comparable(condition: Condition, question: Item) -> bool:
    if isinstance(condition.answer, Coded):
        return any(
            (option.system, option.code) == (condition.answer.system, condition.answer.code)
            for option in question.options
        )
    if isinstance(condition.answer, bool):
        return question.type is ItemType.BOOLEAN
    return question.type is ItemType.INTEGER
