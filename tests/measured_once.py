"""Coverage is measured where a line runs first: to measure doubles what a test costs, and most lines run many times."""

from collections.abc import Generator

import coverage
import pytest

MEASURED = ("tests/unit", "tests/contract")
"""Rooms of tests that run every line between them; the others run the same lines with other inputs, or kill them."""
BOTH_DATABASES = "tests/unit/store"
"""Where lines are for one database alone."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop measuring for the time of a test that repeats the lines of others."""
    running = coverage.Coverage.current()
    if running is None or not _repeats(item.nodeid):
        return (yield)
    running.stop()
    try:
        return (yield)
    finally:
        running.start()


def _repeats(nodeid: str) -> bool:
    is_second = "[postgresql" in nodeid and not nodeid.startswith(BOTH_DATABASES)
    return is_second or not nodeid.startswith(MEASURED)
