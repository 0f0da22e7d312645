"""One writer at a time on SQLite: a lock among the threads, a file lock among the processes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from kernel.errors import UnavailableError

PATIENCE_S = 30.0


class WriterTurn:
    """Lets writers through one after another.

    Args:
        lock_path: file that the processes lock; the system frees it when its holder dies.
        patience_s: how long a thread waits for the other threads of its process.
    """

    def __init__(self, lock_path: Path, *, patience_s: float = PATIENCE_S) -> None:
        self._lock_path = lock_path
        self._patience_s = patience_s
        self._threads = Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold the turn while the block runs.

        Raises:
            UnavailableError: another thread held it too long; try again later.
        """
        if not self._threads.acquire(timeout=self._patience_s):
            raise UnavailableError("The database is busy.")
        try:
            # Opened anew each time: a file handle inherited by a forked process would share the lock with it.
            handle = os.open(self._lock_path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield
            finally:
                os.close(handle)
        finally:
            self._threads.release()
