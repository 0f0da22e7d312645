"""Reads the texts and the layout of the paper form from their content files and refuses what could not be printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from delivery.print_file import LANGUAGES, TextShape, read_layout, read_texts
from questionnaires.newest_file import newest_of
from scoring.file_version import opened

HERE = Path(__file__).parent
SHAPE = TextShape(
    (
        *("title", "for", "how", "many", "sometimes", "number", "back"),
        *("urgent", "online", "code", "help", "yes", "no"),
    ),
    frozenset(("clinic", "name", "phone", "until", "contact")),
    MappingProxyType({"urgent": "contact", "help": "phone", "back": "until"}),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands around the questions of a paper form, and how it looks.

    Args:
        texts: language -> name of a text of `SHAPE` -> text with places in braces.
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
    fields, version = opened(raw, name, ("layout", *LANGUAGES))
    texts = {language: read_texts(fields.part(language), SHAPE) for language in LANGUAGES}
    return Paper(version.version, MappingProxyType(texts), read_layout(fields, directory, "paper"))
