"""Where the logs of all tests are kept together, so that they can be searched for what must not be there."""

import logging
import os
import tempfile
from pathlib import Path

VARIABLE = "SVARBRO_TEST_LOG_DIR"
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
ALONE = "alone"
PLANTED = "planted for the search of the logs: token-of-nobody"
"""Stands in the log of each process that runs tests: a search that does not find it has not read that log."""


def corpus_dir() -> Path:
    """Return the directory of this session's logs; every process that a test starts logs into it."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="svarbro-logs-")
    path = Path(os.environ[VARIABLE])
    path.mkdir(parents=True, exist_ok=True)
    return path


def this_process() -> str:
    """Name the process that runs tests here: `alone`, or one of several workers."""
    return os.environ.get("PYTEST_XDIST_WORKER", ALONE)


def log_of(process: str) -> str:
    """Name the log of a process that runs tests."""
    return f"pytest-{process}.log"


def own_dir() -> Path:
    """Return the directory for what the application logs inside this process."""
    path = corpus_dir() / this_process()
    path.mkdir(exist_ok=True)
    return path


def keep_own_log() -> logging.Handler:
    """Write what the test process itself logs, from INFO on, into the corpus; return the handler to close."""
    handler = logging.FileHandler(corpus_dir() / log_of(this_process()), encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # SQLAlchemy prints every statement at INFO; nobody runs it so.
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    logging.getLogger("tests.privacy").warning(PLANTED)
    return handler
