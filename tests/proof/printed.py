"""What a folder of proofs needs of pytest: a ledger that is printed at the end, and processes for the work."""

from collections.abc import Generator, Iterator

import pytest

from tests.proof.crew import Crew
from tests.proof.ledger import Ledger, Row

WRITTEN = pytest.StashKey[Ledger]()
"""What the tests of this process put in."""
PROPERTY = "ledger"
NAME = "printed ledger"


class Printer:
    """Gathers the rows of all processes and prints them.

    Rows travel as properties of the reports of tests, because that is what comes from wherever a test ran.
    """

    def __init__(self) -> None:
        self._gathered = Ledger()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send the rows that were added since the last report: by the test, or by a fixture that ended."""
        report = yield
        report.user_properties += [(PROPERTY, row) for row in item.config.stash[WRITTEN].take()]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the rows that a report brings."""
        for title, cells in rows_of(report):
            self._gathered.add(title, **cells)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print every table."""
        for title, lines in self._gathered.told():
            terminalreporter.section(title)
            for line in lines:
                terminalreporter.write_line(line)


def rows_of(report: pytest.TestReport) -> Iterator[Row]:
    """Give the rows that a report brings."""
    for name, row in report.user_properties:
        if name == PROPERTY and isinstance(row, (list, tuple)):
            yield row[0], row[1]


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty ledger; once, also where several folders of proofs run together."""
    if not config.pluginmanager.has_plugin(NAME):
        config.stash[WRITTEN] = Ledger()
        config.pluginmanager.register(Printer(), NAME)


@pytest.fixture(scope="session")
def ledger(pytestconfig: pytest.Config) -> Ledger:
    """Tables that are printed when all proofs have run."""
    return pytestconfig.stash[WRITTEN]


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Two processes for the work."""
    with Crew() as hands:
        yield hands
