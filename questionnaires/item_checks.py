"""What must hold in any R4 Questionnaire: FHIR's invariants, and no item that no response can satisfy."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import time
from decimal import Decimal
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.comparison import ORDERED, compare
from questionnaires.dated import Dated
from questionnaires.limits import broken_limit
from questionnaires.model import (
    Answer,
    Attachment,
    Bound,
    Coded,
    Condition,
    Item,
    ItemType,
    Quantity,
    Reference,
)
from questionnaires.plan import KEY_OF, keys_of
from questionnaires.scope import order_of_items

ANSWERLESS = (ItemType.GROUP, ItemType.DISPLAY)
CHOICES = (ItemType.CHOICE, ItemType.OPEN_CHOICE)
WITH_OPTIONS = (*CHOICES, ItemType.INTEGER, ItemType.DATE, ItemType.TIME, ItemType.STRING, ItemType.TEXT)
WITH_LENGTH = (
    *(ItemType.BOOLEAN, ItemType.DECIMAL, ItemType.INTEGER, ItemType.STRING, ItemType.TEXT, ItemType.URL),
    ItemType.OPEN_CHOICE,
)
IN_ORDER = (
    *(ItemType.INTEGER, ItemType.DECIMAL, ItemType.DATE, ItemType.DATE_TIME, ItemType.TIME, ItemType.QUANTITY),
    *(ItemType.STRING, ItemType.TEXT, ItemType.URL),
)


def check_items(items: Sequence[Item], top: Sequence[Item], where: str) -> None:
    """Check all items of a Questionnaire.

    Args:
        items: every item, nested ones too, in document order.
        top: those of the top level.
        where: name of the Questionnaire, for messages.

    Raises:
        ContentError: names the item and the rule.

    Source: FHIR R4 invariants que-1 to que-13.
    """
    twice = [link_id for link_id, count in Counter(item.link_id for item in items).items() if count > 1]
    if twice:
        raise ContentError(f"{where}: linkId {', '.join(twice)} stands twice")
    known = {item.link_id: item for item in items}
    for item in items:
        for told, is_broken in RULES.items():
            if is_broken(item):
                raise ContentError(f"{where}: {item.link_id}: {told}")
        for condition in item.enable_when:
            _check_condition(condition, known.get(condition.question), f"{where}: {item.link_id}")
    try:
        order_of_items(top)
    except ContentError as error:
        raise ContentError(f"{where}: {error.text}") from error


def _is_answerless(item: Item) -> bool:
    return item.type in ANSWERLESS


def _ends_cross(item: Item) -> bool:
    low, high = item.min_value, item.max_value
    least, most = item.limits.least, item.limits.most
    return (low is not None and high is not None and low > high) or (
        least is not None and most is not None and _is_above(least, most)
    )


def _is_above(least: Bound, most: Bound) -> bool:
    if isinstance(least, Quantity) and isinstance(most, Quantity) and least.measure != most.measure:
        return True
    return compare(">", least, most)


def _unit_is_open(item: Item) -> bool:
    """A bare number as the end of a quantity says nothing as long as the unit may be any."""
    ends = (item.limits.least, item.limits.most)
    return (
        item.type is ItemType.QUANTITY
        and any(isinstance(end, Decimal) for end in ends)
        and len(set(item.limits.units)) != 1
    )


def _options_differ_in_kind(item: Item) -> bool:
    """Outside a choice an option is of the type of the item."""
    wanted = keys_of(item)
    return item.type not in CHOICES and (
        bool(item.options) or any(KEY_OF[type(one)] not in wanted for one in item.values)
    )


def _options_twice(item: Item) -> bool:
    codes = [(option.system, option.code) for option in item.options]
    return len(set(codes)) != len(codes) or len(set(item.values)) != len(item.values)


def _initial_is_no_answer(item: Item) -> bool:
    return any(not _could_be_answer(item, one) for one in item.initial)


def _could_be_answer(item: Item, answer: Answer) -> bool:
    if type(answer) not in KINDS[item.type]:
        return False
    if isinstance(answer, Coded):
        is_listed = item.open_list or any(
            (one.system, one.code) == (answer.system, answer.code) for one in item.options
        )
        return is_listed and item.type in CHOICES
    is_free = item.type is ItemType.OPEN_CHOICE and isinstance(answer, str)
    is_listed = is_free or answer in item.values if item.values or item.type in CHOICES else True
    return is_listed and broken_limit(item, answer) is None


def _needs_what_nobody_gives(item: Item) -> bool:
    is_given = bool(item.initial) or item.calculated or item.hidden
    return item.read_only and not is_given and item.required and item.type not in ANSWERLESS


def _counts_contradict(item: Item) -> bool:
    low, high = item.limits.min_occurs, item.limits.max_occurs
    return (high is not None and low > high) or (not item.repeats and (low > 1 or (high is not None and high > 1)))


RULES: MappingProxyType[str, Callable[[Item], bool]] = MappingProxyType(
    {
        "a group needs items": lambda item: item.type is ItemType.GROUP and not item.items,
        "a display has no items": lambda item: item.type is ItemType.DISPLAY and bool(item.items),
        "a display is neither required nor repeated": lambda item: (
            item.type is ItemType.DISPLAY and (item.required or item.repeats)
        ),
        "a display is not read-only": lambda item: item.type is ItemType.DISPLAY and item.read_only,
        "a group or display has no initial answer": lambda item: _is_answerless(item) and bool(item.initial),
        "options belong to a choice, or are of the item's own type": lambda item: (
            ((bool(item.options) or bool(item.values)) and item.type not in WITH_OPTIONS)
            or _options_differ_in_kind(item)
        ),
        "an option stands twice": _options_twice,
        "maxLength belongs to a simple type and is at least 1": lambda item: (
            item.max_length is not None and (item.type not in WITH_LENGTH or item.max_length < 1)
        ),
        "minLength is above maxLength": lambda item: (
            item.max_length is not None and (item.limits.min_length or 0) > item.max_length
        ),
        "minValue is above maxValue": _ends_cross,
        "a limit without unit needs exactly one unit": _unit_is_open,
        "minOccurs and maxOccurs contradict each other or repeats": _counts_contradict,
        "several initial answers need an item that repeats": lambda item: len(item.initial) > 1 and not item.repeats,
        "an initial answer is no answer of the item": _initial_is_no_answer,
        "a required read-only item needs an initial answer or an expression": _needs_what_nobody_gives,
    }
)
# Type -> kinds of answer that it has, or may be compared with.
KINDS: MappingProxyType[ItemType, tuple[type, ...]] = MappingProxyType(
    {
        ItemType.BOOLEAN: (bool,),
        ItemType.DECIMAL: (Decimal, int),
        ItemType.INTEGER: (int,),
        ItemType.DATE: (Dated,),
        ItemType.DATE_TIME: (Dated,),
        ItemType.TIME: (time,),
        ItemType.STRING: (str,),
        ItemType.TEXT: (str,),
        ItemType.URL: (str,),
        ItemType.CHOICE: (Coded, *KEY_OF),
        ItemType.OPEN_CHOICE: (Coded, *KEY_OF),
        ItemType.ATTACHMENT: (Attachment,),
        ItemType.REFERENCE: (Reference,),
        ItemType.QUANTITY: (Quantity,),
    }
)


def _check_condition(condition: Condition, question: Item | None, where: str) -> None:
    if question is None:
        raise ContentError(f"{where}: enableWhen names {condition.question}, which is no item of the questionnaire")
    if question.type in ANSWERLESS:
        fits = False
    elif condition.operator == "exists":
        fits = isinstance(condition.answer, bool)
    elif condition.operator in ORDERED and question.type not in IN_ORDER:
        raise ContentError(f"{where}: enableWhen puts answers of {condition.question} in order, which have none")
    else:
        fits = type(condition.answer) in KINDS[question.type] and question.type is not ItemType.ATTACHMENT
    if not fits:
        raise ContentError(f"{where}: enableWhen compares {condition.question} with an answer it cannot have")
