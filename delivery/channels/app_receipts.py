"""Reads the receipts that an app answers a poll with."""

import json
from datetime import datetime
from typing import Any

from delivery.channels.port import Polled, Told
from kernel.ids import MessageId


def read_receipts(raw: bytes) -> Polled | None:
    """Read `{"receipts": [{"id", "orderId", "event", "reference", "at"}], "mark": "...", "more": false}`.

    Returns:
        None where it is anything else: half a page would move the mark past what was not read.
    """
    try:
        said = json.loads(raw)
        told = tuple(_told(one) for one in said["receipts"])
        mark, more = _text(said["mark"]), said.get("more") is True
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return Polled(told, mark, more)


def _told(one: dict[str, Any]) -> Told:
    at = datetime.fromisoformat(_text(one["at"]))
    if at.tzinfo is None:
        raise ValueError("a moment without its zone")
    reference = None if one.get("reference") is None else _text(one["reference"])
    return Told(_text(one["id"]), MessageId(_text(one["orderId"])), _text(one["event"]), reference, at)


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a text is missing")
    return value
