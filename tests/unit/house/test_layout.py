"""The layout: every room is there, files stay small, and nothing names a machine."""

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.unit.house.house import MIGRATIONS, ROOMS, ROOT, sources

PACKAGES = (
    *ROOMS,
    "delivery/channels",
    "delivery/plans",
    "delivery/documents",
    "delivery/simulator",
    "web/fhir",
    "web/api",
    "web/channels",
    "web/patient",
    "web/clinic",
    "web/oauth",
)
DATA = (
    "questionnaires/definitions",
    "scoring/rules",
    "scoring/tables",
    "delivery/programmes",
    "store/migrations/versions",
    "docs/decisions",
    "docs/clinical",
    "docs/regulatory",
    "instance",
)
PAPERS = ("README.md", "CHANGELOG.md", "LICENSE", "NOTICE", "Makefile", "pyproject.toml", "content.lock", ".ci/run")
TEST_PERSONS = {"2512489996", "0104909995", "0108589995", "3001749995", "0201609995", "0201919990"}
"""Denmark's official test CPR numbers that this repository may hold."""
MADE_UP = "test_cpr.py"
"""Its numbers show the rule of dates and centuries; they stand for nobody."""
HASHES = ("requirements.lock", "requirements-dev.lock", "content.lock")
PICTURE = ".png"
MACHINE = re.compile(r"(?<![\w.<{}*)/])/(?:home|root|work|Users|mnt)/\w")


def tracked() -> list[Path]:
    said = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [ROOT / name for name in said.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    return {
        path: path.read_text(encoding="utf-8")
        for path in tracked()
        if path.name not in HASHES and path.suffix != PICTURE
    }


def is_cpr_number(digits: str) -> bool:
    """Read ten digits as a CPR number of any century that has the date."""
    try:
        date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_is_a_package_that_says_what_it_is_for(package):
    assert (ROOT / package / "__init__.py").read_text(encoding="utf-8").startswith('"""')


@pytest.mark.parametrize("folder", DATA)
def test_every_folder_of_data_and_papers_is_there_and_not_empty(folder):
    assert any((ROOT / folder).iterdir())


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_of_the_house_is_there(paper):
    assert (ROOT / paper).stat().st_size > 0


def test_nothing_stands_beside_the_rooms():
    beside = {path.parent.name for path in ROOT.glob("*/*.py")} | {path.name for path in ROOT.glob("*.py")}

    assert beside == {*ROOMS, "tests", "app.py"}


def test_no_file_is_longer_than_three_hundred_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }

    assert long == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager", "base"])
def test_no_module_has_a_name_that_says_nothing(name):
    found = {str(path.relative_to(ROOT)) for path in sources() if path.stem == name}

    assert found <= {"store/base.py"}


def test_only_the_tests_root_is_a_package():
    assert [str(path) for path in (ROOT / "tests").rglob("__init__.py")] == [str(ROOT / "tests" / "__init__.py")]


def test_migrations_are_numbered_from_one():
    numbers = sorted(int(path.name[:4]) for path in MIGRATIONS.glob("[0-9]*.py"))

    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_no_file_names_a_machine_path():
    found = {
        str(path.relative_to(ROOT)): MACHINE.findall(text) for path, text in texts().items() if MACHINE.search(text)
    }

    assert found == {}


def test_no_file_holds_a_cpr_number_but_those_of_the_official_test_persons():
    found = {
        (str(path.relative_to(ROOT)), digits)
        for path, text in texts().items()
        if path.name != MADE_UP
        for digits in re.findall(r"(?<![\w.])(\d{6}-?\d{4})(?![\w.])", text)
        if is_cpr_number(digits) and digits.replace("-", "") not in TEST_PERSONS
    }

    assert found == set()
