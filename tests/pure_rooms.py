"""The pure rooms are covered whole, lines and branches: a second gate beside the total of pyproject.toml."""

import io
from collections.abc import Generator

import coverage
import pytest

ROOMS = ("kernel", "security", "questionnaires", "scoring")
MISSES = pytest.StashKey[str]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Fail the run when a line or branch of a pure room was never run; only where coverage of all is measured."""
    outcome = yield
    if _measures_all(session.config) and not session.testsfailed:
        told, total = _measured()
        if total < 100:
            session.config.stash[MISSES] = told
            session.testsfailed += 1
    return outcome


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was never run."""
    if MISSES in config.stash:
        terminalreporter.section("the pure rooms must be covered whole")
        terminalreporter.write(config.stash[MISSES])


def _measures_all(config: pytest.Config) -> bool:
    is_worker = hasattr(config, "workerinput")
    measures = bool(config.getoption("cov_source", default=None)) and not is_worker
    return measures and config.args in ([], config.getini("testpaths"))


def _measured() -> tuple[str, float]:
    report = io.StringIO()
    data = coverage.Coverage()
    data.load()
    total = data.report(include=[f"{room}/*" for room in ROOMS], file=report, show_missing=True, skip_covered=True)
    return report.getvalue(), total
