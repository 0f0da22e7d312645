"""Reads the texts and the layout of the result sheet from their content files and refuses what could not be printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened

HERE = Path(__file__).parent
PLACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {"about": frozenset(("clinic", "name", "identifier", "package", "date")), "rules": frozenset(("rules",))}
)
"""Text -> the places that it must have; every other text has none."""
PLAIN = ("title", "preliminary", "suggestion", "needs", "decision", "results", "courses", "score", "result", "band")
TEXTS = (*PLAIN, "change", "answered", "none", *PLACES)
_LAYOUT = re.compile(r"result_sheet-\d+\.\d+\.\d+\.typ")


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """What stands around the numbers of a result on paper, and how it looks.

    Args:
        texts: name of `TEXTS` -> text with places in braces.
        layout: of the pages, for `typst`; it holds no word that is read.
    """

    version: str
    texts: Mapping[str, str]
    layout: bytes = field(repr=False)


def load_result_sheet(directory: Path = HERE) -> ResultSheet:
    """Load the newest result sheet.

    Args:
        directory: holds `result_sheet-<version>.json` and the layouts that they name.

    Raises:
        ContentError: there is none, or one is wrong.
    """

    def parse(raw: bytes, name: str) -> ResultSheet:
        return parse_result_sheet(raw, name, directory)

    return newest_of(directory, "result_sheet", parse, version=lambda one: one.version, what="result sheet")


def parse_result_sheet(raw: bytes, name: str, directory: Path = HERE) -> ResultSheet:
    """Read one file of texts, and the layout that it names.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("layout", "texts"))
    layout = fields.text("layout")
    if not _LAYOUT.fullmatch(layout) or not (directory / layout).is_file():
        raise fields.fail("layout", "a file result_sheet-<version>.typ beside this one")
    return ResultSheet(version.version, _texts(fields.part("texts")), (directory / layout).read_bytes())


def _texts(part: Fields) -> Mapping[str, str]:
    part.refuse_others(TEXTS)
    texts = {name: part.text(name) for name in TEXTS}
    for name, text in texts.items():
        if _places(part, name, text) != PLACES.get(name, frozenset()):
            raise part.fail(name, f"a text with these places: {', '.join(sorted(PLACES.get(name, ()))) or 'none'}")
    return MappingProxyType(texts)


def _places(part: Fields, name: str, text: str) -> frozenset[str]:
    try:
        return frozenset(place for _, place, _, _ in Formatter().parse(text) if place is not None)
    except ValueError as error:
        raise part.fail(name, "a text whose braces hold places") from error
