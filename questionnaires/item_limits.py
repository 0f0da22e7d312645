"""Reads the extensions that limit an item: ends, lengths, pattern, occurrences, units, sizes, targets."""

from decimal import Decimal
from typing import Any

from kernel.errors import ContentError
from questionnaires.kinds import Answer, Bound, Coded, Limits, Quantity
from questionnaires.model import ItemType
from questionnaires.pattern import Pattern, PatternError, compile_pattern
from questionnaires.value_sets import ValueSets
from questionnaires.values import NoValueError, read_value
from questionnaires.vocabulary import (
    MAX_DECIMAL_PLACES,
    MAX_OCCURS,
    MAX_QUANTITY,
    MAX_SIZE,
    MAX_VALUE,
    MIME_TYPE,
    MIN_LENGTH,
    MIN_OCCURS,
    MIN_QUANTITY,
    MIN_VALUE,
    REFERENCE_RESOURCE,
    REGEX,
    UNIT,
    UNIT_OPTION,
    UNIT_VALUE_SET,
)

MEGABYTE = 1_000_000
WORDS = (ItemType.STRING, ItemType.TEXT, ItemType.URL, ItemType.OPEN_CHOICE)
NUMBERS = (ItemType.DECIMAL, ItemType.INTEGER)
# Type -> kinds of value that may bound it.
BOUNDS = {
    ItemType.INTEGER: ("Integer",),
    ItemType.DECIMAL: ("Decimal", "Integer"),
    ItemType.DATE: ("Date",),
    ItemType.DATE_TIME: ("DateTime", "Date"),
    ItemType.TIME: ("Time",),
    ItemType.QUANTITY: ("Quantity", "Decimal", "Integer"),
}


class Extensions:
    """The extensions of one element.

    Args:
        element: that has them; it passed the structure check.
        where: linkId and file, for messages.
    """

    def __init__(self, element: dict[str, Any], where: str) -> None:
        self._all: list[dict[str, Any]] = element.get("extension", [])
        self.where = where

    def every(self, url: str, *kinds: str) -> tuple[Answer, ...]:
        """Read the values of all extensions with a URL.

        Raises:
            ContentError: a value is of another kind.
        """
        return tuple(self._value(one, url, kinds) for one in self._all if one["url"] == url)

    def one(self, url: str, *kinds: str) -> Answer | None:
        """Read the value of the extension with a URL; None if there is none.

        Raises:
            ContentError: it stands twice, or its value is of another kind.
        """
        found = self.every(url, *kinds)
        if len(found) > 1:
            raise self.fail(url, "stands twice")
        return found[0] if found else None

    def number(self, url: str) -> int | None:
        """Read a whole number that is not negative."""
        found = self.one(url, "Integer")
        if isinstance(found, int) and found < 0:
            raise self.fail(url, "is negative")
        return found if isinstance(found, int) else None

    def says(self, url: str) -> bool:
        """Tell whether a yes/no extension says yes."""
        return self.one(url, "Boolean") is True

    def has(self, *urls: str) -> bool:
        """Tell whether one of the extensions is there, whatever its value."""
        return any(one["url"] in urls for one in self._all)

    def fail(self, url: str, told: str) -> ContentError:
        """Make the error for one extension."""
        return ContentError(f"{self.where}: {url.rpartition('/')[2]} {told}")

    def _value(self, extension: dict[str, Any], url: str, kinds: tuple[str, ...]) -> Answer:
        key = next((name for name in extension if name.startswith("value")), "")
        kind = "String" if key == "valueCode" else key.removeprefix("value")
        if kind not in kinds:
            raise self.fail(url, f"has a value of another kind than {' or '.join(kinds)}")
        try:
            return read_value(kind, extension[key])
        except NoValueError as error:
            raise self.fail(url, f"has no {kind} as its value") from error


def read_limits(extensions: Extensions, kind: ItemType, value_sets: ValueSets) -> Limits:
    """Read the limits of an item; the ends of an integer are `read_bound`'s.

    Raises:
        ContentError: a limit belongs to another type, or cannot be understood.
    """
    _refuse_strangers(extensions, kind)
    return Limits(
        least=None if kind is ItemType.INTEGER else read_bound(extensions, kind, MIN_VALUE, MIN_QUANTITY),
        most=None if kind is ItemType.INTEGER else read_bound(extensions, kind, MAX_VALUE, MAX_QUANTITY),
        min_length=extensions.number(MIN_LENGTH),
        max_decimal_places=extensions.number(MAX_DECIMAL_PLACES),
        pattern=_pattern(extensions),
        min_occurs=extensions.number(MIN_OCCURS) or 0,
        max_occurs=extensions.number(MAX_OCCURS),
        mime_types=tuple(str(one).lower() for one in extensions.every(MIME_TYPE, "String")),
        max_size=_size(extensions),
        units=_units(extensions, kind, value_sets),
        targets=tuple(str(one) for one in extensions.every(REFERENCE_RESOURCE, "String")),
    )


# URL -> types that it limits.
BELONGS = {
    MIN_VALUE: tuple(BOUNDS),
    MAX_VALUE: tuple(BOUNDS),
    MIN_QUANTITY: (ItemType.QUANTITY,),
    MAX_QUANTITY: (ItemType.QUANTITY,),
    MIN_LENGTH: (*WORDS, *NUMBERS),
    MAX_DECIMAL_PLACES: (ItemType.DECIMAL, ItemType.QUANTITY),
    REGEX: (*WORDS, *NUMBERS, ItemType.DATE, ItemType.DATE_TIME),
    MAX_SIZE: (ItemType.ATTACHMENT,),
    MIME_TYPE: (ItemType.ATTACHMENT,),
    REFERENCE_RESOURCE: (ItemType.REFERENCE,),
    UNIT_OPTION: (ItemType.QUANTITY,),
    UNIT_VALUE_SET: (ItemType.QUANTITY,),
}


def _refuse_strangers(extensions: Extensions, kind: ItemType) -> None:
    for url, kinds in BELONGS.items():
        if kind not in kinds and extensions.has(url):
            raise extensions.fail(url, f"does not belong to an item of type {kind}")


def read_bound(extensions: Extensions, kind: ItemType, *urls: str) -> Bound | None:
    """Read one end of the range of an item, under the first of some URLs.

    Raises:
        ContentError: it is said twice, or by a value of another kind.
    """
    found = [value for url in urls for value in extensions.every(url, *BOUNDS.get(kind, ()))]
    if len(found) > 1:
        raise extensions.fail(urls[0], "stands twice")
    bound = found[0] if found else None
    if isinstance(bound, Quantity) and bound.comparator:
        raise extensions.fail(urls[0], "is no exact quantity")
    # A decimal may be bounded by a whole number; of an integer item this is taken back to one.
    return Decimal(bound) if isinstance(bound, int) else bound  # type: ignore[return-value]  # BOUNDS has these kinds


def _pattern(extensions: Extensions) -> Pattern | None:
    text = extensions.one(REGEX, "String")
    try:
        return None if text is None else compile_pattern(str(text))
    except PatternError as error:
        raise extensions.fail(REGEX, f"is not supported: {error}") from error


def _size(extensions: Extensions) -> int | None:
    megabytes = extensions.one(MAX_SIZE, "Decimal", "Integer")
    # A body is never larger than some megabytes, so a huge number need not be written out.
    return int(min(megabytes, MEGABYTE) * MEGABYTE) if isinstance(megabytes, Decimal | int) else None


def _units(extensions: Extensions, kind: ItemType, value_sets: ValueSets) -> tuple[tuple[str, str], ...]:
    """List the units of a quantity; of a number the unit only says what it is a number of."""
    if kind is not ItemType.QUANTITY:
        return ()
    found = [*extensions.every(UNIT_OPTION, "Coding"), *extensions.every(UNIT, "Coding")]
    units = [(one.system, one.code) for one in found if isinstance(one, Coded)]
    for canonical in extensions.every(UNIT_VALUE_SET, "Canonical"):
        where = f"{extensions.where}: questionnaire-unitValueSet"
        units.extend((one.system, one.code) for one in value_sets.options(str(canonical), where))
    return tuple(units)
