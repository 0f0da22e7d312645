"""The processes that share the work of a proof."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import TracebackType
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")
HANDS = min(2, os.cpu_count() or 1)


class Crew:
    """At most two processes, started once."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(HANDS, mp_context=get_context("spawn"))

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def share(self, work: Callable[[Piece], Result], pieces: Iterable[Piece]) -> Iterator[Result]:
        """Do every piece of work; results come in the order of the pieces."""
        return self._pool.map(work, pieces)
