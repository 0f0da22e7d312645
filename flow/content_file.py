"""CONTENT: reads what an operator brings with an owner's wording: the texts as a list, and the licence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from flow.list_file import Line, fault, read_list
from kernel.errors import ContentError, InvalidInputError, Issue
from questionnaires.content_file import Fields
from questionnaires.wording import Place
from questionnaires.wording_fhir import ByLanguage

COLUMNS = ("linkid", "element", "language", "text")
HEADER = "linkId;element;language;text"
_LICENCE = ("instrument", "version", "languages", "holder", "grant", "grantedOn", "expiresOn", "terms")


@dataclass(frozen=True, slots=True)
class Grant:
    """What an owner granted, as an operator tells it.

    Args:
        holder: who granted it.
        grant: number or name of the agreement.
        granted_on: first day on which it holds.
        expires_on: last day on which it holds; None = it does not expire.
        terms: conditions, and what the owner wants to be said of the texts.
        instrument: short name of the questionnaire that it covers; empty = the one that is imported.
        version: of the questionnaire that it covers; empty = the one that is imported.
        languages: that it covers; empty = those that are imported.
    """

    holder: str
    grant: str
    granted_on: date
    expires_on: date | None
    terms: str
    instrument: str = ""
    version: str = ""
    languages: tuple[str, ...] = field(default=())


def read_wording_list(raw: bytes) -> ByLanguage:
    """Read `linkId;element;language;text`, UTF-8: a line for each place; linkId is empty for the questionnaire itself.

    Raises:
        InvalidInputError: every faulty line is named.
    """
    read = read_list(raw, COLUMNS)
    faults = [*read.faults, *_doubled(read.lines), *_nameless(read.lines)]
    if faults:
        raise InvalidInputError("The list of texts has faults.", issues=faults)
    found: ByLanguage = {}
    for line in read.lines:
        found.setdefault(line.fields["language"], {})[_place(line)] = line.fields["text"]
    return found


def read_grant(raw: bytes, name: str) -> Grant:
    """Read a licence file.

    Args:
        name: of the file, for messages.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_LICENCE)
    expires = _day(fields, "expiresOn") if fields.raw.get("expiresOn") is not None else None
    return Grant(
        holder=fields.text("holder"),
        grant=fields.text("grant"),
        granted_on=_day(fields, "grantedOn"),
        expires_on=expires,
        terms=fields.text("terms"),
        instrument=fields.text("instrument"),
        version=fields.text("version"),
        languages=fields.texts("languages"),
    )


def _day(fields: Fields, name: str) -> date:
    try:
        return date.fromisoformat(fields.text(name))
    except ValueError as error:
        raise _no_day(fields, name) from error


def _no_day(fields: Fields, name: str) -> ContentError:
    return fields.fail(name, "a day such as 2027-01-31")


def _place(line: Line) -> Place:
    return Place(line.fields["linkid"], line.fields["element"])


def _doubled(lines: Sequence[Line]) -> Iterator[Issue]:
    seen: set[tuple[str, Place]] = set()
    for line in lines:
        key = (line.fields["language"], _place(line))
        if key in seen:
            yield fault(line.number, "element", "This place stands in the list twice.", "doubled")
        seen.add(key)


def _nameless(lines: Sequence[Line]) -> Iterator[Issue]:
    if not lines:
        yield fault(1, None, "The list has no texts.", "empty")
    for line in lines:
        for column in ("element", "language"):
            if not line.fields[column]:
                yield fault(line.number, column, "The column is empty.", "empty")
