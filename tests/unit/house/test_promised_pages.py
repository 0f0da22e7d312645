"""What is promised to patients and clinicians: each promise has its row, and every test that a row names is there."""

import pytest

from tests.unit.house.house import ROOT, tables
from tests.unit.house.test_security_page import TEST, named_in

PROMISED = {"patient-pages": ("P", 15), "clinic-pages": ("C", 12)}
"""Page in docs/ -> letter of its promises, and how many were made."""


def rows_of(page):
    letter, _ = PROMISED[page]
    found = tables(ROOT / "docs" / f"{page}.md")
    return [row for row in found if row[0][:1] == letter and row[0][1:].isdigit()]


@pytest.mark.parametrize("page", PROMISED)
def test_every_promise_has_one_row(page):
    letter, count = PROMISED[page]

    assert [row[0] for row in rows_of(page)] == [f"{letter}{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("row", [row for page in PROMISED for row in rows_of(page)], ids=lambda row: row[0])
def test_a_row_names_tests_that_are_there(row):
    named = TEST.findall(row[-1])

    assert named
    assert [f"{path}::{name}" for path, name in named if name not in named_in(path)] == []
