"""Row 12: what encryption and audit cost a scored submit, beside the same service without them."""

import time
from collections.abc import Mapping
from pathlib import Path

from app import anchor_file_of, create_app, services_of
from flow.seal import SealAudit
from kernel.settings import Settings
from store.engine import open_engine
from store.guards import SEALED
from tests.bench.extent import Extent
from tests.bench.figures import Figure, at_least
from tests.bench.patients import settings_of
from tests.bench.processes import Service
from tests.bench.side_by_side import Compared, Started, counted, stores_of

ROW = 12
OURS, OPEN, BARE = "ours", "not encrypted", "not encrypted, no audit"
WRITTEN = ("response", "score", "suggestion", "outbox", "request WHERE state = 'completed'")
"""What must be the same after all answers; audit rows are what the bare service leaves out."""
GATE_ENCRYPTED = 0.95
"""S-7 of docs/security.md: encryption costs at most a twentieth of the throughput."""
WITHOUT_QUEUE = {
    "sqlite": "DROP TRIGGER {0}_sealed",
    "postgresql": "ALTER TABLE {0} DISABLE TRIGGER {0}_sealed",
}


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row: on SQLite, and in the full form on PostgreSQL too."""
    figures: tuple[Figure, ...] = ()
    for store, compare in stores_of(extent).items():
        with compare(directory / store.lower(), SERVICES, extent) as done:
            done.demand_same(WRITTEN)
            _demand_difference(done, extent)
            figures += _judged(done, store, _sealed_s(done) / extent.patients)
    return figures


def _without_queue(url: str) -> None:
    """Take away the triggers that queue audit rows and scores for the chain."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in SEALED:
            connection.exec_driver_sql(WITHOUT_QUEUE[engine.dialect.name].format(table))
    engine.dispose()


SERVICES: Mapping[str, Started] = {
    OURS: Started(("cli", "serve")),
    OPEN: Started(("tests.bench.unguarded", "--audited")),
    BARE: Started(("tests.bench.unguarded",), _without_queue),
}


def _demand_difference(done: Compared, extent: Extent) -> None:
    """Check that each service left out what it should and nothing else.

    Raises:
        RuntimeError: it tells the numbers.
    """
    waiting = {name: counted(url, "audit_unsealed") for name, (_, url) in done.places.items()}
    if waiting[BARE] or waiting[OURS] != waiting[OPEN] or waiting[OURS] < 2 * extent.patients:
        raise RuntimeError(f"There wait to be sealed: {waiting}")
    readable = {name: counted(url, _readable(url)) for name, (_, url) in done.places.items()}
    if readable[OURS] or {readable[OPEN], readable[BARE]} != {extent.patients}:
        raise RuntimeError(f"There can be read: {readable}")


def _readable(url: str) -> str:
    """Make the condition on responses whose body stands there as it was posted."""
    first = "substr(body_enc, 1, 1)"
    return f"response WHERE {first} = x'7b'" if url.startswith("sqlite") else f"response WHERE {first} = '\x7b'::bytea"


def _sealed_s(done: Compared) -> float:
    """Seal what the submits of our service left, as the worker does, and return the CPU seconds that it takes."""
    settings = Settings.from_env(settings_of(*done.places[OURS]))
    services = services_of(create_app(settings))
    seal = SealAudit(services.store, anchor_file_of(settings))
    server = Service("server", "", done.server) if done.server else None
    before = time.process_time() + (server.cpu_s() if server else 0)
    seal()
    took = time.process_time() + (server.cpu_s() if server else 0) - before
    services.store.close()
    return took


def _judged(done: Compared, store: str, sealing_s: float) -> tuple[Figure, ...]:
    cpu = done.rounds.cpu
    whole = cpu.ratio(BARE, OURS)
    in_worker = sealing_s / cpu.median(OURS)
    return (
        at_least(ROW, f"{store}: scored submits encrypted / not (by CPU)", cpu.ratio(OPEN, OURS), GATE_ENCRYPTED),
        Figure(ROW, f"{store}: encrypted and audited / neither (by CPU)", f"{whole:.3g} x"),
        Figure(ROW, "  the same, sealing by the worker included", f"{whole / (1 + in_worker):.3g} x"),
        Figure(ROW, "  sealing by the worker, for a submit", f"{1e6 * sealing_s:.0f} us CPU"),
        Figure(ROW, "  p99 / of neither", f"{done.rounds.p99.ratio(OURS, BARE):.3g} x"),
        *(Figure(ROW, f"  {store}, {name}", done.rounds.shown(name)) for name in SERVICES),
    )
