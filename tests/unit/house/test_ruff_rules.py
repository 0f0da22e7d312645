"""The lint rules that guard the house, each shown to fail."""

import json

import pytest

from tests.unit.house.house import ROOT, run

MODULE = '"""Says what it is for."""\n\n'
IMPORTS_APP = MODULE + "from app import create_app\n\nprint_me = create_app\n"
IMPORTS_CLI = MODULE + "from cli.main import main\n\nprint_me = main\n"
IMPORTS_INSIDE = (
    MODULE + 'def now() -> float:\n    """Tell the time."""\n    import time\n\n    return time.monotonic()\n'
)
SWALLOWS = MODULE + "try:\n    value = int('1')\nexcept Exception:\n    value = 0\n"
NAIVE = MODULE + "from datetime import datetime\n\nNOW = datetime.now()\n"
PRINTS = MODULE + 'print("answer")\n'
ASKS_BY_FLAG = MODULE + 'def send(again: bool) -> bool:\n    """Send."""\n    return again\n'
TWISTED = (
    MODULE
    + 'def pick(n: int) -> int:\n    """Pick."""\n'
    + "".join(f"    if n == {case}:\n        n += {case}\n" for case in range(8))
    + "    return n\n"
)


def found(source: str, path: str) -> set[str]:
    said = run(
        "ruff", "check", "--no-cache", "--output-format=json", f"--stdin-filename={path}", "-", cwd=ROOT, text=source
    )
    return {fault["code"] for fault in json.loads(said.stdout)}


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("TID251", IMPORTS_APP),
        ("TID251", IMPORTS_CLI),
        ("PLC0415", IMPORTS_INSIDE),
        ("BLE001", SWALLOWS),
        ("DTZ005", NAIVE),
        ("T201", PRINTS),
        ("FBT001", ASKS_BY_FLAG),
        ("C901", TWISTED),
    ],
    ids=["imports-app", "imports-cli", "inside-a-function", "swallows", "naive-time", "prints", "flag", "too-complex"],
)
def test_a_room_that_breaks_the_rule_is_named(rule, source):
    assert rule in found(source, "flow/one_too_many.py")


@pytest.mark.parametrize(
    "room", ["web", "flow", "store", "delivery", "scoring", "questionnaires", "security", "kernel"]
)
def test_no_room_below_imports_app_or_cli(room):
    assert "TID251" in found(IMPORTS_APP, f"{room}/one_too_many.py")
    assert "TID251" in found(IMPORTS_CLI, f"{room}/one_too_many.py")


@pytest.mark.parametrize("path", ["cli/one_too_many.py", "tests/unit/test_one_too_many.py"])
def test_the_command_and_the_tests_may_import_app(path):
    assert "TID251" not in found(IMPORTS_APP, path)


def test_app_does_not_import_the_command():
    assert "TID251" in found(IMPORTS_CLI, "app.py")


def test_an_import_inside_a_function_is_refused_in_tests_too():
    assert "PLC0415" in found(IMPORTS_INSIDE, "tests/unit/test_one_too_many.py")


def test_a_function_of_eight_branches_passes():
    assert "C901" not in found(TWISTED.replace("    if n == 7:\n        n += 7\n", ""), "flow/one_too_many.py")
