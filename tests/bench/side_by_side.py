"""Services side by side: each on its own copy of one prepared database, loaded in turn, round by round."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from store.engine import open_engine
from tests.bench.extent import Extent
from tests.bench.figures import Series
from tests.bench.load import Loaded, load
from tests.bench.patients import Prepared, prepared, settings_of
from tests.bench.postgres import copies, counted_server
from tests.bench.processes import Service, running

Places = Mapping[str, tuple[Path, str]]
"""Service -> its instance directory and the URL of its database."""
DATABASE = "svarbro.sqlite"


@dataclass(frozen=True, slots=True)
class Started:
    """How a service is started.

    Args:
        arguments: of `python -m`.
        arranged: changes its copy of the database before, by URL; None = it is left as it is.
    """

    arguments: tuple[str, ...]
    arranged: Callable[[str], None] | None = None


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

    def shown(self, name: str) -> str:
        """Tell how one service did, for context."""
        cpu, wall, all_ms = self.cpu.median(name), self.wall.median(name), self.all_ms[name]
        p99 = quantiles(all_ms, n=100)[-1]
        return f"{1e6 * cpu:.0f} us CPU, {1 / wall:.0f}/s, p50 {median(all_ms):.1f} ms, p99 {p99:.1f} ms"


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it; the databases are still there.

    Args:
        server: process of the database server; None where there is none.
    """

    rounds: Rounds
    places: Places
    server: int | None = None

    def demand_same(self, written: Sequence[str]) -> None:
        """Check that all services wrote the same numbers of rows; else they did not do the same work.

        Args:
            written: tables, each perhaps with a condition.

        Raises:
            RuntimeError: they did not; it tells the numbers.
        """
        counts = {name: tuple(counted(url, one) for one in written) for name, (_, url) in self.places.items()}
        if len(set(counts.values())) != 1:
            raise RuntimeError(f"The services wrote different rows: {counts}")


def counted(url: str, rows: str) -> int:
    """Count the rows of a table, perhaps with a condition."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found: int = connection.exec_driver_sql(f"SELECT count(*) FROM {rows}").scalar_one()
    engine.dispose()
    return found


@contextmanager
def on_sqlite(directory: Path, services: Mapping[str, Started], extent: Extent) -> Iterator[Compared]:
    """Compare services on SQLite; the databases stay for the block."""
    home = directory / "prepared"
    home.mkdir(parents=True)
    made = prepared(home, f"sqlite:///{home / DATABASE}", extent.patients)
    _fold(made.database_url)
    places: dict[str, tuple[Path, str]] = {}
    for name in services:
        shutil.copytree(made.instance, directory / name)
        places[name] = (directory / name, f"sqlite:///{directory / name / DATABASE}")
    yield Compared(_measured(services, places, made, extent), places)


@contextmanager
def on_postgresql(directory: Path, services: Mapping[str, Started], extent: Extent) -> Iterator[Compared]:
    """Compare services on PostgreSQL, whose server's CPU time counts too; the databases stay for the block."""
    home = directory / "prepared"
    home.mkdir(parents=True)
    with counted_server() as server:
        made = prepared(home, server.url("bench"), extent.patients)
        places: dict[str, tuple[Path, str]] = {}
        for name, url in copies(server, "bench", list(services)).items():
            shutil.copytree(made.instance, directory / name)
            places[name] = (directory / name, url)
        yield Compared(_measured(services, places, made, extent, (server.pid,)), places, server.pid)


Compare = Callable[[Path, Mapping[str, Started], Extent], AbstractContextManager[Compared]]


def stores_of(extent: Extent) -> Mapping[str, Compare]:
    """Name the databases of a run: SQLite, and in the full form PostgreSQL too."""
    sqlite: Mapping[str, Compare] = {"SQLite": on_sqlite}
    return {**sqlite, "PostgreSQL": on_postgresql} if extent.on_postgresql else sqlite


def _measured(
    services: Mapping[str, Started], places: Places, made: Prepared, extent: Extent, others: tuple[int, ...] = ()
) -> Rounds:
    with ExitStack() as stack:
        started = []
        for name, place in places.items():
            if arranged := services[name].arranged:
                arranged(place[1])
            log = place[0] / "service.log"
            service = running(name, services[name].arguments, settings_of(*place), log, others=others)
            started.append(stack.enter_context(service))
        return _rounds(started, made, extent)


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


def _fold(database_url: str) -> None:
    """Bring what stands in the WAL into the file, so that it can be copied."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
