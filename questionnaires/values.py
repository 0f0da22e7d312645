"""One FHIR value from JSON to an answer, exactly: no conversion, decimals and dates as they were written."""

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from questionnaires.dated import dated_of
from questionnaires.kinds import Answer, Attachment, Coded, Quantity, Reference
from questionnaires.primitives import MOST, PRIMITIVES, is_date, is_string, time_of

LITERAL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?")


class NoValueError(Exception):
    """The JSON is no value of its type."""


def read_value(kind: str, value: Any) -> Answer:
    """Read one value.

    Args:
        kind: FHIR type name with a capital, as it stands behind `value`, `answer` or `initial`: `Coding`.
        value: decoded JSON; a complex value has passed the structure check.

    Raises:
        NoValueError: it is none of this type.
    """
    answer = READERS[kind](value)
    if answer is None:
        raise NoValueError(kind)
    return answer


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _integer(value: Any) -> int | None:
    # `bool` is a kind of `int` to Python, so the exact type is asked: true is no 1 here.
    return value if type(value) is int and -MOST - 1 <= value <= MOST else None


def _decimal(value: Any) -> Decimal | None:
    if type(value) is int:
        return Decimal(value)
    return value if isinstance(value, Decimal) else None


def _date(value: Any) -> Answer | None:
    return dated_of(value) if is_date(value) else None


def _date_time(value: Any) -> Answer | None:
    return dated_of(value) if isinstance(value, str) else None


def _time(value: Any) -> Answer | None:
    return time_of(value) if isinstance(value, str) else None


def _string(value: Any) -> str | None:
    return str(value) if is_string(value) else None


def _uri(value: Any) -> str | None:
    return str(value) if PRIMITIVES["uri"](value) else None


def _coding(value: Any) -> Coded:
    return Coded(value.get("system", ""), value.get("code", ""))


def _quantity(value: Any) -> Quantity | None:
    number = _decimal(value.get("value"))
    if number is None:
        return None
    named = {name: value.get(name, "") for name in ("system", "code", "unit", "comparator")}
    return Quantity(number, **named)


def _attachment(value: Any) -> Attachment | None:
    data, size, url = value.get("data"), value.get("size"), value.get("url", "")
    if data is None and not url:
        return None
    content = None if data is None else b64decode("".join(data.split()))
    if content is not None and size not in (None, len(content)):
        return None
    return Attachment(
        value.get("contentType", "").partition(";")[0].strip().lower(),
        size if content is None else len(content),
        url,
        "" if content is None else hashlib.sha256(content).hexdigest(),
        data or "",
        value.get("title", ""),
    )


def _reference(value: Any) -> Reference | None:
    literal, identifier = value.get("reference", ""), value.get("identifier", {})
    known = LITERAL.fullmatch(literal)
    pointed = known[1] if known else ""
    stated = value.get("type", "").rpartition("/")[2]
    if pointed and stated and pointed != stated:
        return None
    return Reference(literal, stated or pointed, (identifier.get("system", ""), identifier.get("value", "")))


READERS: Mapping[str, Callable[[Any], Answer | None]] = MappingProxyType(
    {
        "Boolean": _boolean,
        "Integer": _integer,
        "Decimal": _decimal,
        "Date": _date,
        "DateTime": _date_time,
        "Time": _time,
        "String": _string,
        "Uri": _uri,
        "Canonical": _uri,
        "Coding": _coding,
        "Quantity": _quantity,
        "Attachment": _attachment,
        "Reference": _reference,
    }
)
