"""Row 4: scored submits over HTTP, beside the same service without gate and scoring, and beside a plain one."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

from store.engine import open_engine
from tests.bench.extent import Extent
from tests.bench.figures import Figure, Series, at_least, at_most
from tests.bench.load import Loaded, load
from tests.bench.patients import Prepared, prepared, settings_of
from tests.bench.postgres import copies, counted_server
from tests.bench.processes import Service, running

OURS, ECHO, PLAIN = "ours", "echo", "plain"
MODULES: Mapping[str, tuple[str, ...]] = {
    OURS: ("cli", "serve"),
    ECHO: ("tests.bench.echo",),
    PLAIN: ("tests.bench.plain",),
}
"""How each service is started."""
WRITTEN = (
    *("response", "score", "suggestion", "outbox", "audit_event"),
    "outbox WHERE state = 'superseded'",
    "request WHERE state = 'completed'",
)
"""What must be the same after all answers."""
GATE_ECHO = 0.85
GATE_PLAIN = 2.5
GATE_P99 = 1.5
STRETCH_PLAIN = 3


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row: on SQLite, and in the full form on PostgreSQL too."""
    figures = _judged(_on_sqlite(directory / "sqlite", extent), "SQLite")
    if extent.on_postgresql:
        figures += _judged(_on_postgresql(directory / "postgresql", extent), "PostgreSQL")
    return figures


class Rounds:
    """What was measured, round by round.

    Args:
        cpu: CPU seconds of the service for one call.
        wall: seconds for one call, all connections together.
        p99: milliseconds.
    """

    def __init__(self) -> None:
        self.cpu, self.wall, self.p99 = Series(), Series(), Series()
        self.all_ms: dict[str, list[float]] = {}

    def add(self, name: str, cpu_s: float, loaded: Loaded) -> None:
        """Add a round of one service."""
        count = len(loaded.latencies_ms)
        self.cpu.add(name, cpu_s / count)
        self.wall.add(name, loaded.seconds / count)
        self.p99.add(name, quantiles(loaded.latencies_ms, n=100)[-1])
        self.all_ms.setdefault(name, []).extend(loaded.latencies_ms)


def _on_sqlite(directory: Path, extent: Extent) -> Rounds:
    directory.mkdir()
    made = prepared(
        _new(directory / "prepared"), f"sqlite:///{directory / 'prepared' / 'svarbro.sqlite'}", extent.patients
    )
    _fold(made.database_url)
    places: dict[str, tuple[Path, str]] = {}
    for name in MODULES:
        shutil.copytree(made.instance, directory / name)
        places[name] = (directory / name, f"sqlite:///{directory / name / 'svarbro.sqlite'}")
    with _serving(places) as services:
        rounds = _rounds(services, made, extent)
    demand_same_rows(places)
    return rounds


def _on_postgresql(directory: Path, extent: Extent) -> Rounds:
    directory.mkdir()
    with counted_server() as server:
        made = prepared(_new(directory / "prepared"), server.url("bench"), extent.patients)
        places: dict[str, tuple[Path, str]] = {}
        for name, url in copies(server, "bench", list(MODULES)).items():
            shutil.copytree(made.instance, directory / name)
            places[name] = (directory / name, url)
        with _serving(places, others=(server.pid,)) as services:
            rounds = _rounds(services, made, extent)
        demand_same_rows(places)
        return rounds


def _new(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _fold(database_url: str) -> None:
    """Bring what stands in the WAL into the file, so that it can be copied."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def demand_same_rows(places: Mapping[str, tuple[Path, str]]) -> None:
    """Check that all services wrote the same numbers of rows; else they did not do the same work.

    Raises:
        RuntimeError: they did not; it tells the numbers.
    """
    counts = {name: _counted(url) for name, (_, url) in places.items()}
    if len(set(counts.values())) != 1:
        raise RuntimeError(f"The services wrote different rows: {counts}")


def _counted(url: str) -> tuple[int, ...]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = tuple(connection.exec_driver_sql(f"SELECT count(*) FROM {one}").scalar_one() for one in WRITTEN)
    engine.dispose()
    return found


@contextmanager
def _serving(places: Mapping[str, tuple[Path, str]], others: tuple[int, ...] = ()) -> Iterator[list[Service]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                running(name, MODULES[name], settings_of(*place), place[0] / "service.log", others=others)
            )
            for name, place in places.items()
        ]


def _rounds(services: list[Service], made: Prepared, extent: Extent) -> Rounds:
    rounds = Rounds()
    for service in services:
        load(service.address, made.token, made.bodies[: extent.warm])
    for n in range(extent.rounds):
        first = extent.warm + n * extent.submits
        bodies = made.bodies[first : first + extent.submits]
        for service in (*services[n % len(services) :], *services[: n % len(services)]):
            before = service.cpu_s()
            loaded = load(service.address, made.token, bodies)
            rounds.add(service.name, service.cpu_s() - before, loaded)
    return rounds


def _judged(rounds: Rounds, store: str) -> tuple[Figure, ...]:
    # CPU each call is the inverse of the rate that a core can give, and is not disturbed by what else the machine does.
    figures = [
        at_least(4, f"{store}: rate of scored submits / of the echo (by CPU)", rounds.cpu.ratio(ECHO, OURS), GATE_ECHO),
        at_least(4, f"{store}: rate / of the plain service (by CPU)", rounds.cpu.ratio(PLAIN, OURS), GATE_PLAIN),
        at_most(4, f"{store}: p99 / of the echo", rounds.p99.ratio(OURS, ECHO), GATE_P99),
    ]
    for name in MODULES:
        cpu, wall = rounds.cpu.median(name), rounds.wall.median(name)
        p99 = quantiles(rounds.all_ms[name], n=100)[-1]
        shown = f"{1e6 * cpu:.0f} us CPU, {1 / wall:.0f}/s, p50 {median(rounds.all_ms[name]):.1f} ms, p99 {p99:.1f} ms"
        figures.append(Figure(4, f"  {store}, {name}", shown))
    return tuple(figures)
