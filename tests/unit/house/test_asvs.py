"""The coverage of ASVS 5.0: every requirement of levels 1 and 2 has a row, and every test that a row names is there."""

import csv
import re
from collections import Counter

import pytest

from tests.unit.house.house import ROOT
from tests.unit.house.test_security_page import named_in

FILE = ROOT / "docs" / "regulatory" / "asvs-5.0-levels-1-2.csv"
ROWS = tuple(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
STATUSES = {"test", "document", "operator", "not-applicable", "open"}
LEVEL_3 = ("V4.1.4", "V4.1.5", "V10.4.16", "V13.3.4", "V14.2.7", "V15.4.2")
"""Those of level 3 that we hold ourselves to as well."""


def test_as_many_requirements_are_answered_as_the_standard_has():
    levels = Counter(row["level"] for row in ROWS)

    # OWASP ASVS 5.0.0: 70 of level 1 and 183 of level 2, in 17 chapters.
    assert (levels["1"], levels["2"]) == (70, 183)
    assert [row["id"] for row in ROWS if row["level"] == "3"] == list(LEVEL_3)
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert {row["id"].split(".")[0] for row in ROWS} == {f"V{number}" for number in range(1, 18)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row_says_how_the_requirement_is_met_or_why_not(row):
    assert row["status"] in STATUSES
    assert row["shown by"].strip()
    if row["status"] == "document":
        assert (ROOT / row["shown by"]).is_file()


def test_at_least_85_of_100_requirements_that_apply_are_shown_by_a_test():
    statuses = Counter(row["status"] for row in ROWS)

    assert statuses["test"] / (len(ROWS) - statuses["not-applicable"]) >= 0.85


def test_every_test_that_covers_a_requirement_exists():
    tests = {one for row in ROWS if row["status"] == "test" for one in row["shown by"].split()}

    assert all(re.fullmatch(r"tests/[\w/]+\.py::test_\w+", one) for one in tests)
    assert [one for one in sorted(tests) if one.partition("::")[2] not in named_in(one.partition("::")[0])] == []
