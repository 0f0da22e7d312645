"""Semicolon files as Danish systems export them: read whole, every fault named by line and column, never by value."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kernel.errors import Issue

NAMING = "line {position}, {field}"
"""How a column of a line is named."""
YES = frozenset({"ja", "j", "yes", "y", "true", "1"})
NO = frozenset({"nej", "n", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Args:
        number: as an editor counts, from 1; the header has one too.
        fields: column -> text without surrounding blanks.
    """

    number: int
    fields: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListFile:
    """What could be read, and what could not."""

    lines: tuple[Line, ...]
    faults: tuple[Issue, ...]


def read_list(raw: bytes, columns: Collection[str], *, optional: Collection[str] = ()) -> ListFile:
    """Read a file with a header, UTF-8 with or without BOM; blank lines are passed over.

    Args:
        columns: that the header must name, in any order.
        optional: that it may name; missing ones are read as empty.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        return ListFile((), (fault(number, None, "The file is not UTF-8.", "not-utf-8"),))
    records = _records(text)
    header = next(records, (1, []))
    if isinstance(header, Issue):
        return ListFile((), (header,))
    names = [name.strip().lower() for name in header[1]]
    wrong = tuple(_header_faults(names, columns, optional, header[0]))
    return ListFile((), wrong) if wrong else _read(records, names, (*columns, *optional))


def fault(number: int, column: str | None, text: str, rule: str) -> Issue:
    """Make the issue of one line; `text` never holds what stands there."""
    place = NAMING.format(position=number, field=column) if column else f"line {number}"
    return Issue("value", text, place, rule=rule)


def yes_or_no(text: str) -> bool | None:
    """Read `ja` or `nej`, in Danish, English or digits; None if it is neither."""
    word = text.lower()
    return True if word in YES else False if word in NO else None


def _read(records: Iterator[tuple[int, list[str]] | Issue], names: Sequence[str], columns: Sequence[str]) -> ListFile:
    lines: list[Line] = []
    faults: list[Issue] = []
    for record in records:
        if isinstance(record, Issue):
            faults.append(record)
            continue
        number, cells = record
        if len(cells) != len(names):
            faults.append(fault(number, None, "The line has not as many columns as the header.", "columns"))
            continue
        found = dict(zip(names, (cell.strip() for cell in cells), strict=True))
        lines.append(Line(number, {column: found.get(column, "") for column in columns}))
    return ListFile(tuple(lines), tuple(faults))


def _records(text: str) -> Iterator[tuple[int, list[str]] | Issue]:
    """Give each record with the number of its first line; what cannot be read ends the file with its fault."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield fault(number, None, "The line cannot be read; a quotation mark may be missing.", "unreadable")
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield number, cells
        number = reader.line_num + 1


def _header_faults(
    names: Sequence[str], columns: Collection[str], optional: Collection[str], number: int
) -> Iterator[Issue]:
    for column in columns:
        if column not in names:
            yield fault(number, column, "The header does not name this column.", "missing-column")
    if len(set(names)) != len(names) or set(names) - {*columns, *optional}:
        yield fault(number, None, f"The header names {';'.join((*columns, *optional))} once each.", "header")
