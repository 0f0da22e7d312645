"""What the gate walks: each item with its place, value elements and options, compiled once per questionnaire."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType

from questionnaires.dated import Dated
from questionnaires.enablement import conditional_items
from questionnaires.model import Coded, Condition, Item, ItemType, Questionnaire, Reference
from questionnaires.quick_plan import QuickPlan, quick_plan_of
from questionnaires.scope import Route, order_of_items, route_of
from questionnaires.strict_json import MOST_BYTES, MOST_BYTES_ATTACHED

VALUE_KEYS = MappingProxyType(
    {
        ItemType.GROUP: "",
        ItemType.DISPLAY: "",
        ItemType.BOOLEAN: "valueBoolean",
        ItemType.DECIMAL: "valueDecimal",
        ItemType.INTEGER: "valueInteger",
        ItemType.DATE: "valueDate",
        ItemType.DATE_TIME: "valueDateTime",
        ItemType.TIME: "valueTime",
        ItemType.STRING: "valueString",
        ItemType.TEXT: "valueString",
        ItemType.URL: "valueUri",
        ItemType.CHOICE: "valueCoding",
        ItemType.OPEN_CHOICE: "valueCoding",
        ItemType.ATTACHMENT: "valueAttachment",
        ItemType.REFERENCE: "valueReference",
        ItemType.QUANTITY: "valueQuantity",
    }
)
# Kind of an option that is no coding -> JSON name of an answer that chooses it.
KEY_OF: Mapping[type, str] = MappingProxyType(
    {str: "valueString", int: "valueInteger", Dated: "valueDate", time: "valueTime", Reference: "valueReference"}
)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item as the gate needs it.

    Args:
        item: the compiled item.
        parent: linkId of the item around it; None at the top.
        position: place in the document, from 0.
        value_key: JSON name of its value, such as `valueCoding`; empty for groups and displays.
        keys: every JSON name that its value may have: an open choice takes a text too.
        options: (system, code) -> answer value.
        versions: (system, code) -> version of the system, where an option binds one.
        conditions: each `enableWhen` with the way to the occurrence of its question.
        required: it must be answered, and a person can see it.
        least: fewest answers, or fewest times that it must stand; 0 where no person can see it.
        inner: linkIds of what is nested, in order.
        demands: it, or something nested in it, must be there.
    """

    item: Item
    parent: str | None
    position: int
    value_key: str
    keys: frozenset[str]
    options: Mapping[tuple[str, str], Coded]
    versions: Mapping[tuple[str, str], str]
    conditions: tuple[tuple[Condition, Route], ...]
    required: bool
    least: int
    inner: tuple[str, ...]
    demands: bool


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """A questionnaire as the gate needs it.

    Args:
        questionnaire: the compiled questionnaire.
        items: linkId -> item, in document order.
        order: linkIds so that what an item hangs on comes before it.
        conditional: some item that takes an answer is only asked under a condition.
        demanding: some item is required, or has a fewest number.
        attaches: it asks for an attachment, so its responses may be larger.
        quick: what the short way looks up; None where there is none.
    """

    questionnaire: Questionnaire
    items: Mapping[str, PlannedItem]
    order: tuple[str, ...]
    conditional: bool
    demanding: bool
    attaches: bool
    quick: QuickPlan | None


def plan_of(questionnaire: Questionnaire) -> ResponsePlan:
    """Compile a questionnaire for the gate.

    Raises:
        ContentError: an item is asked only if it is asked.
    """
    ways = {item.link_id: way for item, way in _with_way(questionnaire.items, ())}
    positions = {link_id: position for position, link_id in enumerate(ways)}
    items = {link_id: _planned(questionnaire, way, ways, positions) for link_id, way in ways.items()}
    return ResponsePlan(
        questionnaire=questionnaire,
        items=MappingProxyType(items),
        order=order_of_items(questionnaire.items),
        conditional=any(items[link_id].value_key for link_id in conditional_items(questionnaire.items)),
        demanding=any(item.required or item.least for item in items.values()),
        attaches=any(item.item.type is ItemType.ATTACHMENT for item in items.values()),
        quick=quick_plan_of(questionnaire),
    )


def most_bytes_of(plan: ResponsePlan) -> int:
    """Return how large a response may be."""
    return MOST_BYTES_ATTACHED if plan.attaches else MOST_BYTES


def _with_way(items: Sequence[Item], around: tuple[str, ...]) -> Iterator[tuple[Item, tuple[str, ...]]]:
    for item in items:
        way = (*around, item.link_id)
        yield item, way
        yield from _with_way(item.items, way)


def _planned(
    questionnaire: Questionnaire,
    way: tuple[str, ...],
    ways: Mapping[str, tuple[str, ...]],
    positions: Mapping[str, int],
) -> PlannedItem:
    by_link_id = questionnaire.by_link_id
    item = by_link_id[way[-1]]
    is_hidden = any(by_link_id[link_id].hidden for link_id in way)
    return PlannedItem(
        item=item,
        parent=way[-2] if len(way) > 1 else None,
        position=positions[item.link_id],
        value_key=VALUE_KEYS[item.type],
        keys=keys_of(item),
        options=MappingProxyType({(one.system, one.code): Coded(one.system, one.code) for one in item.options}),
        versions=MappingProxyType({(one.system, one.code): one.version for one in item.options if one.version}),
        conditions=tuple((one, route_of(way, ways[one.question], positions)) for one in item.enable_when),
        required=item.required and not is_hidden,
        least=0 if is_hidden else item.limits.min_occurs,
        inner=tuple(inner.link_id for inner in item.items),
        demands=not is_hidden and _demands(item),
    )


def _demands(item: Item) -> bool:
    return (
        item.required or item.limits.min_occurs > 0 or any(_demands(inner) for inner in item.items if not inner.hidden)
    )


def keys_of(item: Item) -> frozenset[str]:
    """List the JSON names that an answer of an item may come under."""
    main = VALUE_KEYS[item.type]
    if item.type not in (ItemType.CHOICE, ItemType.OPEN_CHOICE):
        return frozenset({main} - {""})
    keys = {KEY_OF[type(value)] for value in item.values}
    if item.options or item.open_list:
        keys.add(main)
    if item.type is ItemType.OPEN_CHOICE:
        keys.add("valueString")
    return frozenset(keys)
