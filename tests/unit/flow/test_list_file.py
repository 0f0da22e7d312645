"""Semicolon files: what is read, and how what cannot be read is named."""

import pytest

from flow.list_file import read_list, yes_or_no

COLUMNS = ("name", "package")


def read(text, **options):
    raw = text if isinstance(text, bytes) else text.encode()
    return read_list(raw, COLUMNS, **options)


def told(text, **options):
    return [(fault.expression, fault.rule) for fault in read(text, **options).faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_a_file_is_read_with_or_without_bom_whatever_ends_its_lines(encoding, end):
    lines = read(end.join(["Package; name", "KOL; Åse Østergård ", "", "LRS;Bo", ""]).encode(encoding)).lines

    assert [(line.number, dict(line.fields)) for line in lines] == [
        (2, {"name": "Åse Østergård", "package": "KOL"}),
        (4, {"name": "Bo", "package": "LRS"}),
    ]


def test_a_quoted_field_may_hold_what_divides():
    (first, second) = read('name;package\n"Holm; Åse\nMarie";KOL\nBo;LRS\n').lines

    assert first.fields["name"] == "Holm; Åse\nMarie"
    assert (first.number, second.number) == (2, 4)


def test_optional_columns_are_empty_where_the_file_has_none():
    (line,) = read("name;package\nBo;KOL\n", optional=("note",)).lines

    assert line.fields["note"] == ""


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [("line 1, name", "missing-column"), ("line 1, package", "missing-column")]),
        ("name\nBo\n", [("line 1, package", "missing-column")]),
        ("name;package;more\nBo;KOL;1\n", [("line 1", "header")]),
        ("name;package;name\nBo;KOL;1\n", [("line 1", "header")]),
        ("name;package\nBo\nEva;KOL\nIda;KOL;1\n", [("line 2", "columns"), ("line 4", "columns")]),
        ('name;package\nBo;KOL\n"Eva;KOL\n', [("line 3", "unreadable")]),
        ('"name;package', [("line 1", "unreadable")]),
        ("name;package\nBo;KOL\n\xc5se;KOL\n".encode("latin-1"), [("line 3", "not-utf-8")]),
    ],
    ids=["empty", "missing", "unknown", "twice", "columns", "quote", "quoted-header", "latin-1"],
)
def test_every_fault_is_named_by_its_line_and_never_by_its_value(text, faults):
    assert told(text) == faults
    assert not any(name in str(read(text).faults) for name in ("Bo", "Eva", "Ida"))


def test_lines_without_fault_are_read_beside_faulty_ones():
    assert [line.number for line in read("name;package\nBo\nEva;KOL\n").lines] == [3]


def test_a_line_does_not_show_its_fields():
    assert "Eva" not in repr(read("name;package\nEva;KOL\n").lines)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ja", True),
        ("Ja", True),
        ("1", True),
        ("true", True),
        ("nej", False),
        ("0", False),
        ("", None),
        ("måske", None),
    ],
)
def test_yes_and_no_are_read_in_danish_english_and_digits(text, value):
    assert yes_or_no(text) is value
