"""Reads the texts and the layout of the paper form from their content files and refuses what could not be printed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import version_of

HERE = Path(__file__).parent
LANGUAGES = ("da", "en")
TEXTS = (
    *("title", "for", "how", "many", "sometimes", "number", "back", "urgent", "online", "code", "help", "yes", "no"),
)
PLACES = frozenset(("clinic", "name", "phone", "until", "contact"))
NEEDED = {"urgent": "contact", "help": "phone", "back": "until"}
"""Text -> the place that it must have: without it the form would leave its reader alone."""
_FIELDS = ("id", "version", "status", "approval", "sources", "licence", "layout", *LANGUAGES)
_LAYOUT = re.compile(r"paper-\d+\.\d+\.\d+\.typ")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands around the questions of a paper form, and how it looks.

    Args:
        texts: language -> name of `TEXTS` -> text with places in braces.
        layout: of the pages, for `typst`; it holds no word that is read.
    """

    version: str
    texts: Mapping[str, Mapping[str, str]]
    layout: bytes = field(repr=False)


def load_paper(directory: Path = HERE) -> Paper:
    """Load the newest paper form.

    Args:
        directory: holds `paper-<version>.json` and the layouts that they name.

    Raises:
        ContentError: there is none, or one is wrong.
    """

    def parse(raw: bytes, name: str) -> Paper:
        return parse_paper(raw, name, directory)

    return newest_of(directory, "paper", parse, version=lambda one: one.version, what="paper form")


def parse_paper(raw: bytes, name: str, directory: Path = HERE) -> Paper:
    """Read one file of texts, and the layout that it names.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = version_of(fields, raw, name)
    texts = {language: _texts(fields.part(language)) for language in LANGUAGES}
    layout = fields.text("layout")
    if not _LAYOUT.fullmatch(layout) or not (directory / layout).is_file():
        raise fields.fail("layout", "a file paper-<version>.typ beside this one")
    return Paper(version.version, MappingProxyType(texts), (directory / layout).read_bytes())


def _texts(part: Fields) -> Mapping[str, str]:
    part.refuse_others(TEXTS)
    texts = {name: part.text(name) for name in TEXTS}
    for name, text in texts.items():
        places = _places(part, name, text)
        if not places <= PLACES:
            raise part.fail(name, f"no place but {', '.join(sorted(PLACES))}")
        if name in NEEDED and NEEDED[name] not in places:
            raise part.fail(name, f"the place {{{NEEDED[name]}}}")
    return MappingProxyType(texts)


def _places(part: Fields, name: str, text: str) -> frozenset[str]:
    try:
        return frozenset(place for _, place, _, _ in Formatter().parse(text) if place is not None)
    except ValueError as error:
        raise part.fail(name, "a text whose braces hold places") from error
