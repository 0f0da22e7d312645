"""Reads what content files of printed pages share: texts with places for a patient's facts, and the layout."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from questionnaires.content_file import Fields

LANGUAGES = ("da", "en")


@dataclass(frozen=True, slots=True)
class TextShape:
    """Which texts a page has, and which places they may hold.

    Args:
        names: of the texts.
        places: words that may stand in braces.
        needed: text -> the place that it must have: without it the page would leave its reader alone.
    """

    names: tuple[str, ...]
    places: frozenset[str]
    needed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_texts(part: Fields, shape: TextShape, others: Collection[str] = ()) -> Mapping[str, str]:
    """Read the texts of one language.

    Args:
        others: fields beside them, which the caller reads.

    Raises:
        ContentError: naming the text that does not fit.
    """
    part.refuse_others((*shape.names, *others))
    texts = {name: part.text(name) for name in shape.names}
    for name, text in texts.items():
        places = _places(part, name, text)
        if not places <= shape.places:
            raise part.fail(name, f"no place but {', '.join(sorted(shape.places))}")
        if name in shape.needed and shape.needed[name] not in places:
            raise part.fail(name, f"the place {{{shape.needed[name]}}}")
    return MappingProxyType(texts)


def read_layout(fields: Fields, directory: Path, kind: str) -> bytes:
    """Read the layout that a file names in `layout`.

    Args:
        kind: of the page; the layout is called `<kind>-<version>.typ`.

    Raises:
        ContentError: no such file stands in the directory.
    """
    name = fields.text("layout")
    if not re.fullmatch(rf"{kind}-\d+\.\d+\.\d+\.typ", name) or not (directory / name).is_file():
        raise fields.fail("layout", f"a file {kind}-<version>.typ beside this one")
    return (directory / name).read_bytes()


def _places(part: Fields, name: str, text: str) -> frozenset[str]:
    try:
        return frozenset(place for _, place, _, _ in Formatter().parse(text) if place is not None)
    except ValueError as error:
        raise part.fail(name, "a text whose braces hold places") from error
