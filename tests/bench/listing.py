"""Row 8: the first page of the worklist, and one result, at ten thousand responses of a clinic and at a million."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.extent import Extent
from tests.bench.figures import Figure, Series, at_most, interleaved
from tests.bench.listed import Listed, listed
from tests.databases import run
from tests.postgres import running_postgres

ROW = 8
GATE = 1.5
"""docs/architecture.md section 10."""
TRIES = 5
"""The fastest of so many calls is one measurement: what else the machine does makes calls slower, never faster."""
PAGES: Mapping[str, Callable[[Listed], str]] = {
    "worklist, first page": lambda _one: "/clinic/",
    "result of one patient": lambda one: f"/clinic/enrolments/{one.answered}",
}


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row: on SQLite, and in the full form on PostgreSQL too."""
    figures: tuple[Figure, ...] = ()
    for store in ("SQLite", "PostgreSQL") if extent.on_postgresql else ("SQLite",):
        with _filled(directory / store.lower(), store, extent.responses) as clinics:
            for what, address in PAGES.items():
                ways = {str(size): _timed(one, address(one)) for size, one in clinics.items()}
                figures += _judged(f"{what}, {store}", interleaved(ways, extent.rounds), extent.responses)
    return figures


@contextmanager
def _filled(directory: Path, store: str, sizes: tuple[int, ...]) -> Iterator[Mapping[int, Listed]]:
    """Fill a database for each size."""
    directory.mkdir(parents=True)
    with ExitStack() as stack:
        server = stack.enter_context(running_postgres()) if store == "PostgreSQL" else None
        found: dict[int, Listed] = {}
        for size in sizes:
            url = f"sqlite:///{directory / str(size)}.sqlite"
            if server:
                run(server.url("postgres"), f'CREATE DATABASE "listed{size}" TEMPLATE template0')
                url = server.url(f"listed{size}")
            found[size] = listed(directory / str(size), url, size)
            # What a database does by itself within minutes; without it the first plans are guesses.
            run(url, "ANALYZE") if server else None
            stack.callback(found[size].world.services.store.close)
        yield found


def _timed(one: Listed, address: str) -> Callable[[], float]:
    """Make a measurement: milliseconds of the fastest of several calls."""
    desk = one.desk()

    def once() -> float:
        begin = time.perf_counter_ns()
        answer = desk.get(address)
        spent = time.perf_counter_ns() - begin
        assert answer.status_code == 200, answer.status
        return spent / 1e6

    once()
    return lambda: min(once() for _ in range(TRIES))


def _judged(what: str, series: Series, sizes: tuple[int, ...]) -> tuple[Figure, ...]:
    small, large = str(sizes[0]), str(sizes[-1])
    context = (Figure(ROW, f"  at {size:,} responses", f"{series.median(str(size)):.1f} ms") for size in sizes)
    named = f"{what}: {sizes[-1]:,} / {sizes[0]:,} responses"
    return (at_most(ROW, named, series.ratio(large, small), GATE), *context)
