"""The proofs of docs/verification.md: `make proof` runs them quick, `make proof-full` as far as they go.

How they are laid out: one file `test_*.py` per claim of DESIGN section 10, and beside it the modules that it needs. A
proof asks `tests.proof.extent` whether it runs in full, does its work on at most two cores, puts a line per subject
into the fixture `ledger` (printed as tables when everything has run) and asserts that no difference is left. They are
not part of `make test`: `norecursedirs` in pyproject.toml leaves this folder out unless it is named. The names of the
files are `test_oracle*` (scores), `test_gate*` (answers) and `test_mutation*` (code).
"""

from collections.abc import Iterator

import pytest

from tests.proof.crew import Crew
from tests.proof.ledger import Ledger

LEDGER = pytest.StashKey[Ledger]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the ledger of this run."""
    config.stash[LEDGER] = Ledger()


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    """Tables that are printed when all proofs have run."""
    return pytestconfig.stash[LEDGER]


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Two processes for the work."""
    with Crew() as hands:
        yield hands


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print every table."""
    for title, lines in config.stash[LEDGER].told():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
