"""Where the logs of all tests are kept together, so that one test can search them for what must not be there."""

import logging
import os
import tempfile
from pathlib import Path

VARIABLE = "SVARBRO_TEST_LOG_DIR"
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def corpus_dir() -> Path:
    """Return the directory of this session's logs; every process that a test starts logs into it."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="svarbro-logs-")
    path = Path(os.environ[VARIABLE])
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep_own_log() -> logging.Handler:
    """Write what the test process itself logs, from INFO on, into the corpus; return the handler to close."""
    handler = logging.FileHandler(corpus_dir() / f"pytest-{os.getpid()}.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    # SQLAlchemy prints every statement at INFO; nobody runs it so.
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    return handler
