"""From the words of one answer to its value: numbers with a comma, days in three fields, times as people write them."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from questionnaires.dated import Dated, dated_of
from questionnaires.model import Answer, Attachment, Item, ItemType, Quantity
from questionnaires.primitives import is_string
from web.pages import DANISH_TIME

Row = tuple[Any, ...]
"""The parts of one answer as they were posted."""
LONGEST_NUMBER = 9
"""Digits that we try to read as a whole number; more are out of any range."""
WHOLE = re.compile(r"-?[0-9]+")
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
TIME = re.compile(r"([0-9]{1,2})(?:[.:]?([0-9]{2}))?")
DAY, MONTH, YEAR = re.compile(r"[0-9]{1,2}"), re.compile(r"[0-9]{1,2}"), re.compile(r"[0-9]{4}")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
CONTENT_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
UNKNOWN_TYPE = "application/octet-stream"


class UnusableError(Exception):
    """Something was entered that is no answer of its item.

    Args:
        fault: key of the text that says so, without the `error.` prefix.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def _integer(item: Item, row: Row) -> Answer:
    (value,) = row
    if not WHOLE.fullmatch(value):
        raise UnusableError("number")
    if len(value.removeprefix("-")) > LONGEST_NUMBER:
        raise UnusableError("number" if None in (item.min_value, item.max_value) else "range")
    return int(value)


def _number(value: str) -> Decimal:
    """Read a number as Danes write it: a comma before the decimals, points or spaces between thousands."""
    plain = value.replace(" ", "").replace("\N{MINUS SIGN}", "-")
    plain = plain.replace(".", "").replace(",", ".") if "," in plain else plain
    if not NUMBER.fullmatch(plain):
        raise UnusableError("decimal")
    return Decimal(plain)


def _decimal(_: Item, row: Row) -> Answer:
    return _number(row[0])


def _line(_: Item, row: Row) -> Answer:
    return _words(row[0])


def _lines(_: Item, row: Row) -> Answer:
    return _words(row[0].replace("\r\n", "\n").replace("\r", "\n"))


def _words(value: str) -> str:
    if not is_string(value):
        raise UnusableError("invalid")
    return value


def _url(_: Item, row: Row) -> Answer:
    (value,) = row
    return value if SCHEME.match(value) else f"https://{value}"


def _time(value: str) -> time:
    found = TIME.fullmatch(value)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise UnusableError("time")
    return time(int(found[1]), int(found[2] or 0))


def _date(day: str, month: str, year: str) -> Dated:
    fits = DAY.fullmatch(day) and MONTH.fullmatch(month) and YEAR.fullmatch(year)
    found = dated_of(f"{year}-{int(month):02}-{int(day):02}") if fits else None
    if found is None:
        raise UnusableError("date")
    return found


def _moment(_: Item, row: Row) -> Answer:
    day, month, year, hour = row
    date = _date(day, month, year)
    if not hour:
        return date
    local = datetime.combine(date.first.date(), _time(hour), DANISH_TIME)
    moment = dated_of(local.isoformat(timespec="seconds"))
    if moment is None:
        raise UnusableError("date")
    return moment


def _quantity(item: Item, row: Row) -> Answer:
    value, unit = row
    number = _number(value) if value else None
    if number is None:
        raise UnusableError("decimal")
    if not item.units:
        return Quantity(number)
    chosen = item.units[0] if len(item.units) == 1 else next((one for one in item.units if one.code == unit), None)
    if chosen is None:
        raise UnusableError("unit")
    return Quantity(number, chosen.system, chosen.code, chosen.display.da)


def _file(_: Item | None, row: Row) -> Answer:
    name, told, content = row
    content_type = told.partition(";")[0].strip().lower()
    return Attachment(
        content_type if CONTENT_TYPE.fullmatch(content_type) else UNKNOWN_TYPE,
        len(content),
        "",
        hashlib.sha256(content).hexdigest(),
        b64encode(content).decode(),
        name if is_string(name) else "",
    )


Read = Callable[[Any, Row], Answer]
READERS: Mapping[ItemType, tuple[tuple[str, ...], Read]] = MappingProxyType(
    {
        ItemType.INTEGER: (("",), _integer),
        ItemType.DECIMAL: (("",), _decimal),
        ItemType.STRING: (("",), _line),
        ItemType.TEXT: (("",), _lines),
        ItemType.URL: (("",), _url),
        ItemType.TIME: (("",), lambda _, row: _time(row[0])),
        ItemType.DATE: (("day", "month", "year"), lambda _, row: _date(*row)),
        ItemType.DATE_TIME: (("day", "month", "year", "hour"), _moment),
        ItemType.QUANTITY: (("", "unit"), _quantity),
        ItemType.ATTACHMENT: (("name", "type", "content"), _file),
    }
)
"""Type -> names of the parts of one answer, the main one empty, and what reads them."""
