"""A feed as a file."""

from datetime import date

import pytest

from flow.status import RecordStatus
from flow.status_file import read_status_file
from kernel.errors import InvalidInputError


def test_a_file_becomes_a_delivery():
    delivery = read_status_file(
        b"identifier;status;value;since\n251248-9996;Dead;;2027-01-09\n0104909995;digital;nej;\n", "cpr"
    )

    assert delivery.source == "cpr"
    assert [(one.position, one.identifier, one.kind, one.value, one.since) for one in delivery.entries] == [
        (2, "251248-9996", "dead", True, date(2027, 1, 9)),
        (3, "0104909995", "digital", False, None),
    ]


def test_the_last_two_columns_may_be_missing():
    (entry,) = read_status_file(b"identifier;status\n2512489996;dead\n", "cpr").entries

    assert (entry.value, entry.since) == (True, None)


def test_faults_of_the_file_and_of_its_lines_are_told_together(way):
    raw = b"identifier;status;value;since\n1;dead;;\n2512489996;dead;maybe;\n2512489996;dead;;9/1\n2512489996\n"

    with pytest.raises(InvalidInputError) as refused:
        RecordStatus(way.store, way.clock)(way.system, read_status_file(raw, "cpr"))

    assert {(issue.expression, issue.rule) for issue in refused.value.issues} == {
        ("line 2, identifier", "not-an-identifier"),
        ("line 3, value", "not-yes-or-no"),
        ("line 4, since", "not-a-date"),
        ("line 5", "columns"),
    }
