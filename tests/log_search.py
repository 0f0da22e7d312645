"""When every test of every process has run, all their logs are searched; the search counts as a test of its own."""

import time
from collections import defaultdict
from collections.abc import Generator

import pytest

from tests.log_corpus import ALONE, corpus_dir
from tests.privacy.scan import Search, search

TEST = "tests/privacy/scan.py::no_log_line_of_the_whole_run_holds_a_number_name_answer_or_token"
RAN = pytest.StashKey[dict[str, set[str]]]()
SEARCHED = pytest.StashKey[Search]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no test."""
    ran: dict[str, set[str]] = defaultdict(set)
    config.stash[RAN] = ran


class Listener:
    """Learns which tests ran, and in which process.

    Args:
        ran: process -> ids of its tests.
    """

    def __init__(self, ran: dict[str, set[str]]) -> None:
        self._ran = ran

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that was called."""
        if report.when == "call" and not report.skipped:
            self._ran[getattr(report, "worker_id", ALONE)].add(report.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Search the logs after the last test: here where the tests ran, or where the workers' tests come together."""
    config = session.config
    if hasattr(config, "workerinput"):
        return (yield)
    ran = config.stash[RAN]
    config.pluginmanager.register(Listener(ran))
    outcome = yield
    if ran:
        began = time.monotonic()
        config.stash[SEARCHED] = found = search(corpus_dir(), ran)
        session.testscollected += 1
        config.hook.pytest_runtest_logreport(report=_report(found, time.monotonic() - began))
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was searched."""
    if SEARCHED in config.stash:
        found = config.stash[SEARCHED]
        told = f"{len(found.faults)} faults" if found.faults else "nothing that a log may not hold"
        terminalreporter.write_line(f"logs: {found.lines} lines of {found.files} files searched, {told}")


def _report(found: Search, duration_s: float) -> pytest.TestReport:
    path, _, name = TEST.partition("::")
    return pytest.TestReport(
        nodeid=TEST,
        location=(path, None, name),
        keywords={},
        outcome="failed" if found.faults else "passed",
        longrepr="\n".join(found.faults) or None,
        when="call",
        duration=duration_s,
    )
