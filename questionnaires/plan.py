"""What the gate walks: each item with its place, its value element and its options, compiled once per questionnaire."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from questionnaires.enablement import conditional_items
from questionnaires.model import Coded, Item, ItemType, Questionnaire

VALUE_KEYS = MappingProxyType(
    {
        ItemType.GROUP: "",
        ItemType.DISPLAY: "",
        ItemType.BOOLEAN: "valueBoolean",
        ItemType.INTEGER: "valueInteger",
        ItemType.CHOICE: "valueCoding",
        ItemType.STRING: "valueString",
        ItemType.TEXT: "valueString",
    }
)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item as the gate needs it.

    Args:
        item: the compiled item.
        parent: linkId of the item around it; None at the top.
        position: place in the document, from 0.
        value_key: JSON name of its value, such as `valueCoding`; empty for groups and displays.
        options: (system, code) -> answer value.
    """

    item: Item
    parent: str | None
    position: int
    value_key: str
    options: Mapping[tuple[str, str], Coded]


@dataclass(frozen=True, slots=True)
class ResponsePlan:
    """A questionnaire as the gate needs it.

    Args:
        questionnaire: the compiled questionnaire.
        items: linkId -> item, in document order.
        conditional: some item that takes an answer is only asked under a condition.
        demanding: some item is required.
    """

    questionnaire: Questionnaire
    items: Mapping[str, PlannedItem]
    conditional: bool
    demanding: bool


def plan_of(questionnaire: Questionnaire) -> ResponsePlan:
    """Compile a questionnaire for the gate."""
    items = {
        item.link_id: PlannedItem(
            item=item,
            parent=parent,
            position=position,
            value_key=VALUE_KEYS[item.type],
            options=MappingProxyType({(one.system, one.code): Coded(one.system, one.code) for one in item.options}),
        )
        for position, (item, parent) in enumerate(_with_parent(questionnaire.items, None))
    }
    return ResponsePlan(
        questionnaire=questionnaire,
        items=MappingProxyType(items),
        conditional=any(items[link_id].value_key for link_id in conditional_items(questionnaire.items)),
        demanding=any(item.item.required for item in items.values()),
    )


def _with_parent(items: Sequence[Item], parent: str | None) -> Iterator[tuple[Item, str | None]]:
    for item in items:
        yield item, parent
        yield from _with_parent(item.items, item.link_id)
