"""What a refusal of content says: the file and the very element that does not fit."""

import json
import re
from collections.abc import Iterator
from typing import Any

from scoring.catalogue import HERE

EXPECTED = re.compile(r"\S+\.json(?:\.\S+)?\.(?P<name>[A-Za-z0-9-]+): .+ is expected")
RARE = frozenset({"byParam", "variants"})
"""Elements that no shipped file has."""


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _names(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _names(inner)


SHIPPED = frozenset(
    name for path in HERE.rglob("*.json") for name in _names(json.loads(path.read_text(encoding="utf-8")))
)
"""Every element that a shipped file of rules, tables, cohorts, lists or approval has."""


def names_an_element(text: str, *link_ids: str) -> bool:
    """Whether a refusal that expects something of a file names an element that content has, or one of these items.

    Where a place is told, it is never nothing.
    """
    if "None" in text:
        return False
    if not text.endswith(" is expected") or text.startswith("rule "):
        return True
    found = EXPECTED.fullmatch(text)
    return found is not None and found["name"] in SHIPPED | RARE | {*link_ids}
