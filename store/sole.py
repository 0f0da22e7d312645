"""One process at a time on a file: the system frees it when its holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kernel.errors import ConflictError


@contextmanager
def sole_holder(path: Path, refusal: str) -> Iterator[None]:
    """Hold a file alone while the block runs.

    Args:
        refusal: what is said where another process holds it.

    Raises:
        ConflictError: another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(refusal) from error
        yield
    finally:
        os.close(handle)
