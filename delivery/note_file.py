"""Reads the words of the record note from their content file and refuses what could not be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.file_version import opened
from scoring.levels import Colour

HERE = Path(__file__).parent
PLACES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "first": frozenset(("date", "author")),
        "level": frozenset(("level",)),
        "by": frozenset(("date",)),
        "change": frozenset(("delta", "date")),
    }
)
"""Text -> the places that it must have; every other text has none."""
FREE = frozenset(("package",))
"""Places that a text may have where it has any."""
TEXTS = (*PLACES, "noLevel", "noScores", "noGoal", "noPlan", "noNext", "more", "number")
HEADINGS = ("status", "needs", "goal", "plan", "next")
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"headings": HEADINGS, "colours": tuple(Colour), "needs": tuple(Colour)}
)
FEWEST, MOST = 500, 600
"""A shorter note has no room for its headings and a goal; a longer one is not taken by the record."""


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The words of one package's note.

    Args:
        texts: name of `TEXTS` -> text with places in braces.
        headings: name of `HEADINGS` -> what stands before the colon.
        colours: of the decision -> a gentle sentence.
        needs: colour of a dimension of need -> how large it is.
    """

    texts: Mapping[str, str]
    headings: Mapping[str, str]
    colours: Mapping[str, str]
    needs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """What the note in a record says.

    Args:
        longest: characters of a note.
        words: of every package that says nothing else.
        packages: care package -> its words.
    """

    version: str
    longest: int
    words: NoteWords
    packages: Mapping[str, NoteWords]

    def of_package(self, package: str) -> NoteWords:
        """Return the words of a care package."""
        return self.packages.get(package, self.words)


def load_note(directory: Path = HERE) -> Note:
    """Load the newest words of the note.

    Args:
        directory: holds `note-<version>.json`.

    Raises:
        ContentError: there are none, or one file is wrong.
    """
    return newest_of(directory, "note", parse_note, version=lambda one: one.version, what="record note")


def parse_note(raw: bytes, name: str) -> Note:
    """Read one file of words.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("longest", "words", "packages"))
    longest = fields.integer("longest")
    if not FEWEST <= longest <= MOST:
        raise fields.fail("longest", f"a number from {FEWEST} to {MOST}")
    raw_words, packages = fields.part("words"), fields.part("packages")
    words = _words(raw_words)
    own = {package: _merged(raw_words, packages.part(package)) for package in packages.raw}
    return Note(version.version, longest, words, MappingProxyType(own))


def _merged(words: Fields, own: Fields) -> NoteWords:
    """Read what a package says: its own words, and for the rest those of all."""
    own.refuse_others((*TEXTS, *GROUPS))
    merged = {**words.raw, **own.raw}
    for group in GROUPS.keys() & own.raw.keys():
        merged[group] = {**words.part(group).raw, **own.part(group).raw}
    return _words(Fields(merged, own.where))


def _words(part: Fields) -> NoteWords:
    part.refuse_others((*TEXTS, *GROUPS))
    texts = {name: part.text(name) for name in TEXTS}
    for name, text in texts.items():
        needed = PLACES.get(name, frozenset())
        if _places(part, name, text) - (FREE if needed else frozenset()) != needed:
            wanted = ", ".join(f"{{{one}}}" for one in sorted(needed)) or "none"
            raise part.fail(name, f"a text with these places: {wanted}")
    groups = {group: _group(part.part(group), names) for group, names in GROUPS.items()}
    return NoteWords(MappingProxyType(texts), **groups)


def _group(part: Fields, names: tuple[str, ...]) -> Mapping[str, str]:
    part.refuse_others(names)
    return MappingProxyType({name: part.text(name) for name in names})


def _places(part: Fields, name: str, text: str) -> frozenset[str]:
    try:
        return frozenset(place for _, place, _, _ in Formatter().parse(text) if place is not None)
    except ValueError as error:
        raise part.fail(name, "a text whose braces hold places") from error
