"""What an item allows beyond the kind of answer: ends, lengths, decimals, pattern, units, sizes, targets."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from questionnaires.dated import Dated, begins_before, ends_after
from questionnaires.model import Answer, Attachment, Bound, Item, ItemType, Quantity, Reference

LINE_END = re.compile(r"[\r\n]")
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


def broken_limit(item: Item, answer: Answer) -> str | None:
    """Name the rule of its item that an answer of the right kind breaks; None if it breaks none."""
    for breaks in CHECKS.get(item.type, NO_CHECKS):
        rule = breaks(item, answer)
        if rule is not None:
            return rule
    return None


def text_of(answer: Answer) -> str:
    """Write a simple answer as it stands in JSON, for lengths and patterns; empty for one that is no simple value."""
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if isinstance(answer, Dated):
        return answer.text
    return str(answer) if isinstance(answer, str | int | Decimal) else ""


def _length(item: Item, answer: Answer) -> str | None:
    text = text_of(answer)
    if item.max_length is not None and len(text) > item.max_length:
        return "maxLength"
    # A coding in an open choice has no text of its own to measure.
    if item.limits.min_length is not None and text and len(text) < item.limits.min_length:
        return "minLength"
    return None


def _pattern(item: Item, answer: Answer) -> str | None:
    pattern, text = item.limits.pattern, text_of(answer)
    return "regex" if pattern is not None and text and not pattern.fits(text) else None


def _line_end(_: Item, answer: Answer) -> str | None:
    return "invalidNewLine" if isinstance(answer, str) and LINE_END.search(answer) else None


def _url(_: Item, answer: Answer) -> str | None:
    return None if isinstance(answer, str) and URL.fullmatch(answer) else "invalidUrlValue"


def _whole_number(item: Item, answer: Answer) -> str | None:
    # An integer item has no other kind of answer.
    below = item.min_value is not None and answer < item.min_value  # type: ignore[operator]  # see above
    above = item.max_value is not None and answer > item.max_value  # type: ignore[operator]  # see above
    return "out-of-range" if below or above else None


def _ends(item: Item, answer: Answer) -> str | None:
    least, most = item.limits.least, item.limits.most
    if least is not None and _is_beyond(answer, least, lower=True):
        return "minValue"
    return "maxValue" if most is not None and _is_beyond(answer, most, lower=False) else None


def _is_beyond(answer: Answer, bound: Bound, *, lower: bool) -> bool:
    if isinstance(answer, Dated) and isinstance(bound, Dated):
        return begins_before(answer, bound) if lower else ends_after(answer, bound)
    # The end of a range is of the kind of the answers, or the definition would not have been read.
    return answer < bound if lower else answer > bound  # type: ignore[operator]  # see above


def _decimals(item: Item, answer: Answer) -> str | None:
    most = item.limits.max_decimal_places
    if most is None:
        return None
    number = answer.value if isinstance(answer, Quantity) else answer
    places = -number.as_tuple().exponent if isinstance(number, Decimal) else 0  # type: ignore[operator]  # JSON has no NaN
    return "maxDecimalPlaces" if places > most else None


def _quantity_ends(item: Item, answer: Answer) -> str | None:
    ends = (("minValue", item.limits.least, True), ("maxValue", item.limits.most, False))
    for rule, bound, lower in ends:
        if not isinstance(answer, Quantity) or bound is None:
            continue
        if isinstance(bound, Quantity) and bound.measure != answer.measure:
            return f"{rule}IncompatUnits"
        # "Less than 5" may be anything below 5, so a value that is only compared cannot be held to an end.
        number = bound.value if isinstance(bound, Quantity) else bound
        if answer.comparator or _is_beyond(answer.value, number, lower=lower):
            return rule
    return None


def _unit(item: Item, answer: Answer) -> str | None:
    units = item.limits.units
    is_known = not units or (isinstance(answer, Quantity) and (answer.system, answer.code) in units)
    return None if is_known else "invalidUnit"


def _size(item: Item, answer: Answer) -> str | None:
    most = item.limits.max_size
    if most is None or not isinstance(answer, Attachment):
        return None
    return "maxAttachmentSize" if answer.size is None or answer.size > most else None


def _mime_type(item: Item, answer: Answer) -> str | None:
    allowed = item.limits.mime_types
    if not allowed or not isinstance(answer, Attachment):
        return None
    family = answer.content_type.partition("/")[0] + "/*"
    return None if answer.content_type in allowed or family in allowed else "mimeType"


def _target(item: Item, answer: Answer) -> str | None:
    targets = item.limits.targets
    is_known = not targets or (isinstance(answer, Reference) and answer.type in targets)
    return None if is_known else "invalidRefResourceType"


Check = Callable[[Item, Answer], str | None]
NO_CHECKS: tuple[Check, ...] = ()
CHECKS: Mapping[ItemType, tuple[Check, ...]] = MappingProxyType(
    {
        ItemType.BOOLEAN: (_length,),
        ItemType.DECIMAL: (_ends, _decimals, _length, _pattern),
        ItemType.INTEGER: (_whole_number, _length, _pattern),
        ItemType.DATE: (_ends, _pattern),
        ItemType.DATE_TIME: (_ends, _pattern),
        ItemType.TIME: (_ends,),
        ItemType.STRING: (_line_end, _length, _pattern),
        ItemType.TEXT: (_length, _pattern),
        ItemType.URL: (_url, _length, _pattern),
        ItemType.OPEN_CHOICE: (_line_end, _length, _pattern),
        ItemType.ATTACHMENT: (_size, _mime_type),
        ItemType.REFERENCE: (_target,),
        ItemType.QUANTITY: (_unit, _quantity_ends, _decimals),
    }
)
