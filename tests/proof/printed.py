"""What a folder of proofs needs of pytest: a ledger that is printed at the end, and processes for the work."""

from collections.abc import Iterator

import pytest

from tests.proof.crew import Crew
from tests.proof.ledger import Ledger

LEDGER = pytest.StashKey[Ledger]()


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    """Tables that are printed when all proofs have run."""
    return pytestconfig.stash.setdefault(LEDGER, Ledger())


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Two processes for the work."""
    with Crew() as hands:
        yield hands


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print every table."""
    for title, lines in config.stash.get(LEDGER, Ledger()).told():
        terminalreporter.section(title)
        for line in lines:
            terminalreporter.write_line(line)
