"""Reads the letter's texts and layout from their content files and refuses what could not be printed."""

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
TEXTS = ("title", "greeting", "errand", "how", "code", "address", "until", "help", "urgent", "bye", "optOut")
"""Texts of the page, each with the places that it may have."""
PLACES = frozenset(("clinic", "name", "phone", "until"))
NEEDED = {"until": "until", "help": "phone"}
"""Text -> the place that it must have: without the day and the number the letter is of no use."""
_FIELDS = ("id", "version", "status", "approval", "sources", "licence", "layout", *LANGUAGES)
_LAYOUT = re.compile(r"letter-\d+\.\d+\.\d+\.typ")


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The letter in one language.

    Args:
        texts: name of `TEXTS` -> text with places in braces.
        steps: what to do, one after another.
    """

    texts: Mapping[str, str]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What every letter says and how it looks.

    Args:
        words: by language.
        layout: of the page, for `typst`; it holds no word that is read.
    """

    version: str
    words: Mapping[str, LetterWords]
    layout: bytes = field(repr=False)


def load_letter(directory: Path = HERE) -> Letter:
    """Load the newest letter.

    Args:
        directory: holds `letter-<version>.json` and the layouts that they name.

    Raises:
        ContentError: there is none, or one is wrong.
    """

    def parse(raw: bytes, name: str) -> Letter:
        return parse_letter(raw, name, directory)

    return newest_of(directory, "letter", parse, version=lambda one: one.version, what="letter")


def parse_letter(raw: bytes, name: str, directory: Path = HERE) -> Letter:
    """Read one file of texts, and the layout that it names.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = version_of(fields, raw, name)
    words = {language: _words(fields.part(language)) for language in LANGUAGES}
    return Letter(version.version, MappingProxyType(words), _layout(fields, directory))


def _layout(fields: Fields, directory: Path) -> bytes:
    name = fields.text("layout")
    file = directory / name
    if not _LAYOUT.fullmatch(name) or not file.is_file():
        raise fields.fail("layout", "a file letter-<version>.typ beside this one")
    return file.read_bytes()


def _words(part: Fields) -> LetterWords:
    part.refuse_others((*TEXTS, "steps"))
    texts = {name: part.text(name) for name in TEXTS}
    for name, text in texts.items():
        places = _places(part, name, text)
        if not places <= PLACES:
            raise part.fail(name, f"no place but {', '.join(sorted(PLACES))}")
        if name in NEEDED and NEEDED[name] not in places:
            raise part.fail(name, f"the place {{{NEEDED[name]}}}")
    return LetterWords(MappingProxyType(texts), part.texts("steps"))


def _places(part: Fields, name: str, text: str) -> frozenset[str]:
    try:
        return frozenset(place for _, place, _, _ in Formatter().parse(text) if place is not None)
    except ValueError as error:
        raise part.fail(name, "a text whose braces hold places") from error
