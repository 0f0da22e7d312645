"""Reads the letter's texts and layout from their content files and refuses what could not be printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from delivery.print_file import LANGUAGES, TextShape, read_layout, read_texts
from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened

HERE = Path(__file__).parent
SHAPE = TextShape(
    ("title", "greeting", "errand", "how", "code", "address", "until", "help", "urgent", "bye", "optOut"),
    frozenset(("clinic", "name", "phone", "until")),
    # Without the day and the number the letter is of no use.
    MappingProxyType({"until": "until", "help": "phone"}),
)


@dataclass(frozen=True, slots=True)
class LetterWords:
    """The letter in one language.

    Args:
        texts: name of a text of `SHAPE` -> text with places in braces.
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
    fields, version = opened(raw, name, ("layout", *LANGUAGES))
    words = {language: _words(fields.part(language)) for language in LANGUAGES}
    return Letter(version.version, MappingProxyType(words), read_layout(fields, directory, "letter"))


def _words(part: Fields) -> LetterWords:
    return LetterWords(read_texts(part, SHAPE, ("steps",)), part.texts("steps"))
