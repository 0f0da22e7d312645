"""The page of what is promised to clinicians: each promise has its row, and every test that a row names is there."""

import pytest

from tests.unit.house.house import ROOT, tables
from tests.unit.house.test_security_page import TEST, named_in

PAGE = ROOT / "docs" / "clinic-pages.md"
ROWS = [row for row in tables(PAGE) if row[0][:1] == "C" and row[0][1:].isdigit()]


def test_every_promise_has_one_row():
    assert [row[0] for row in ROWS] == [f"C{number}" for number in range(1, 13)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_tests_that_are_there(row):
    named = TEST.findall(row[-1])

    assert named
    assert [f"{path}::{name}" for path, name in named if name not in named_in(path)] == []
