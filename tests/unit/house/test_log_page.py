"""The log: each line that the service writes stands in the operator's table, and what tells of an attempt is marked."""

import ast
import re

from tests.unit.house.house import ROOT, sources, tables

PAGE = ROOT / "docs" / "operations.md"
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
WORD = re.compile(r"`([a-z-]+)`")
NOT_IN_AN_INSTALLATION = "delivery/simulator/"


def written_in(path):
    """Name the lines that a file writes with a word of its own."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS:
            first = call.args[0] if call.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_line_of_the_log_stands_in_the_table_and_every_line_of_the_table_in_the_log():
    files = (path for path in sources() if not str(path.relative_to(ROOT)).startswith(NOT_IN_AN_INSTALLATION))
    written = {word for path in files for word in written_in(path)}
    told = {word for row in tables(PAGE) if len(row) == 4 and row[1] in PROCESSES for word in WORD.findall(row[0])}

    assert written == told


PROCESSES = {"web", "worker", "all", "web, worker"}


def test_whatever_refuses_somebody_at_a_door_is_marked_as_security():
    marked = {word for row in tables(PAGE) if len(row) == 4 and row[1] in PROCESSES and row[3] == "yes"
              for word in WORD.findall(row[0])}  # fmt: skip

    assert {"refused", "failed", "sign-in-refused", "token-refused", "link-refused"} <= marked
