"""The page of threats: each threat and goal has its row, and every test that a row names is there."""

import ast
import re
from functools import cache

import pytest

from tests.unit.house.house import ROOT, tables

PAGE = ROOT / "docs" / "security.md"
TEST = re.compile(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`")
THREATS = [f"T{number:02}" for number in range(1, 27)]
GOALS = [f"S-{number}" for number in range(1, 14)]
ROWS = [row for row in tables(PAGE) if len(row) >= 3 and row[0] not in ("id", "what")]


@cache
def named_in(path: str) -> frozenset[str]:
    """Name the tests of a file; none where there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.exists() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_threat_and_every_goal_has_one_row():
    ids = [row[0] for row in ROWS]

    assert [one for one in ids if one.startswith("T")] == THREATS
    assert [one for one in ids if one.startswith("S-")] == GOALS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_tests_that_are_there(row):
    named = TEST.findall(row[-1])

    assert named
    assert [f"{path}::{name}" for path, name in named if name not in named_in(path)] == []
