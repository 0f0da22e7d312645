"""Reads the items of any R4 Questionnaire into the values of this room."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kernel.errors import ContentError
from questionnaires.item_limits import Extensions, read_bound, read_limits
from questionnaires.model import Answer, Condition, Item, ItemType, Option, Text
from questionnaires.unsupported import UNSUPPORTED, unsupported_in
from questionnaires.value_sets import ValueSets
from questionnaires.values import NoValueError, read_value
from questionnaires.vocabulary import (
    CALCULATED_EXPRESSION,
    HIDDEN,
    INITIAL_EXPRESSION,
    ITEM_WEIGHT,
    MAX_VALUE,
    MIN_VALUE,
    OBSERVATION_LINK_PERIOD,
    OPTION_EXCLUSIVE,
    ORDINAL_VALUE,
)

# FHIR R4 invariants que-3, que-4 and que-11, which only the JSON shows.
CLASHES: Mapping[str, Callable[[dict[str, Any]], bool]] = MappingProxyType(
    {
        "a display has no code": lambda raw: raw["type"] == ItemType.DISPLAY and "code" in raw,
        "answerOption and answerValueSet exclude each other": lambda raw: (
            "answerOption" in raw and "answerValueSet" in raw
        ),
        "answerOption and initial exclude each other": lambda raw: "answerOption" in raw and "initial" in raw,
    }
)


@dataclass(frozen=True, slots=True)
class Around:
    """What the items of one Questionnaire share.

    Args:
        where: its name, for messages.
        value_sets: that it contains.
    """

    where: str
    value_sets: ValueSets


def read_items(raw: list[dict[str, Any]], around: Around) -> tuple[Item, ...]:
    """Read the items of one level and all below them.

    Args:
        raw: they passed the structure check.
        around: what they share.

    Raises:
        ContentError: names linkId and element of what is not supported or contradicts itself.
    """
    return tuple(_item(one, around) for one in raw)


def _item(raw: dict[str, Any], around: Around) -> Item:
    where = f"{around.where}: {raw['linkId']}"
    for url in unsupported_in(raw):
        raise ContentError(f"{where}: {url.rpartition('/')[2]} is not supported: {UNSUPPORTED[url]}")
    for told, is_broken in CLASHES.items():
        if is_broken(raw):
            raise ContentError(f"{where}: {told}")
    kind, extensions = ItemType(raw["type"]), Extensions(raw, where)
    options, values = _options(raw, around, where)
    is_choice = kind in (ItemType.CHOICE, ItemType.OPEN_CHOICE)
    low, high = _whole_ends(extensions, kind)
    return Item(
        link_id=raw["linkId"],
        type=kind,
        text=Text(raw.get("text", "")),
        required=raw.get("required", False),
        repeats=raw.get("repeats", False),
        options=options,
        min_value=low,
        max_value=high,
        max_length=raw.get("maxLength"),
        enable_when=tuple(_condition(one, where) for one in raw.get("enableWhen", ())),
        enable_any=_is_any(raw, where),
        items=read_items(raw.get("item", []), around),
        limits=read_limits(extensions, kind, around.value_sets),
        values=values,
        exclusive=_exclusive(raw, where),
        open_list=is_choice and "answerOption" not in raw and "answerValueSet" not in raw,
        initial=_initial(raw, kind, where),
        read_only=raw.get("readOnly", False),
        calculated=extensions.has(CALCULATED_EXPRESSION, INITIAL_EXPRESSION, OBSERVATION_LINK_PERIOD),
        hidden=extensions.says(HIDDEN),
    )


def _whole_ends(extensions: Extensions, kind: ItemType) -> tuple[int | None, int | None]:
    if kind is not ItemType.INTEGER:
        return None, None
    low, high = (read_bound(extensions, kind, url) for url in (MIN_VALUE, MAX_VALUE))
    return _whole(low), _whole(high)


def _whole(bound: Any) -> int | None:
    return int(bound) if isinstance(bound, Decimal) else None


def _is_any(raw: dict[str, Any], where: str) -> bool:
    if len(raw.get("enableWhen", ())) > 1 and "enableBehavior" not in raw:
        # R4 gives no default, and programs differ on what two conditions without it mean (que-12).
        raise ContentError(f"{where}: enableBehavior must say whether all or any of several enableWhen must hold")
    return raw.get("enableBehavior") == "any"


def read_element(raw: dict[str, Any], prefix: str, where: str) -> Answer:
    """Read the one `value[x]`, `answer[x]` of an element.

    Raises:
        ContentError: the value is none of its type, or only an extension stands in its place.
    """
    key = next((name for name in raw if name.startswith(prefix)), "")
    try:
        return read_value(key.removeprefix(prefix), raw[key])
    except (NoValueError, KeyError) as error:
        raise ContentError(f"{where}: {prefix}[x] has no value that can be compared") from error


def _options(raw: dict[str, Any], around: Around, where: str) -> tuple[tuple[Option, ...], tuple[Answer, ...]]:
    """Read the options that are codings, and those that are not."""
    options: list[Option] = []
    values: list[Answer] = []
    for one in raw.get("answerOption", ()):
        if "valueCoding" in one:
            options.append(_option(one, where))
        else:
            values.append(read_element(one, "value", f"{where}: answerOption"))
    if "answerValueSet" in raw:
        options.extend(around.value_sets.options(raw["answerValueSet"], f"{where}: answerValueSet"))
    return tuple(options), tuple(values)


def _option(raw: dict[str, Any], where: str) -> Option:
    coding = raw["valueCoding"]
    if "code" not in coding:
        raise ContentError(f"{where}: answerOption.valueCoding without a code cannot be told from another")
    weights = (one for one in raw.get("extension", ()) if one["url"] in (ORDINAL_VALUE, ITEM_WEIGHT))
    weight: dict[str, Any] = next(weights, {})
    points = weight.get("valueDecimal")
    return Option(
        system=coding.get("system", ""),
        code=coding["code"],
        display=Text(coding.get("display", coding["code"])),
        points=points if isinstance(points, int) else None,
        version=coding.get("version", ""),
    )


def _exclusive(raw: dict[str, Any], where: str) -> frozenset[Answer]:
    chosen = (one for one in raw.get("answerOption", ()) if Extensions(one, where).says(OPTION_EXCLUSIVE))
    return frozenset(read_element(one, "value", where) for one in chosen)


def _initial(raw: dict[str, Any], kind: ItemType, where: str) -> tuple[Answer, ...]:
    given = [read_element(one, "value", f"{where}: initial") for one in raw.get("initial", ())]
    chosen = [one for one in raw.get("answerOption", ()) if one.get("initialSelected")]
    given += [read_element(one, "value", f"{where}: answerOption") for one in chosen]
    # `valueInteger` is a decimal too.
    is_decimal = kind is ItemType.DECIMAL
    return tuple(Decimal(one) if is_decimal and type(one) is int else one for one in given)


def _condition(raw: dict[str, Any], where: str) -> Condition:
    told = f"{where}: enableWhen"
    return Condition(raw["question"], raw["operator"], read_element(raw, "answer", told))
