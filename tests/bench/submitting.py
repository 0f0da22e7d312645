"""Row 4: scored submits over HTTP, beside the same service without gate and scoring, and beside a plain one."""

from collections.abc import Mapping
from pathlib import Path

from tests.bench.extent import Extent
from tests.bench.figures import Figure, at_least, at_most
from tests.bench.side_by_side import Rounds, Started, stores_of

OURS, ECHO, PLAIN = "ours", "echo", "plain"
SERVICES: Mapping[str, Started] = {
    OURS: Started(("cli", "serve")),
    ECHO: Started(("tests.bench.echo",)),
    PLAIN: Started(("tests.bench.plain",)),
}
WRITTEN = (
    *("response", "score", "suggestion", "outbox", "audit_event"),
    "outbox WHERE state = 'superseded'",
    "request WHERE state = 'completed'",
)
"""What must be the same after all answers."""
GATE_ECHO = 0.85
GATE_PLAIN = 2.5
GATE_P99 = 1.5


def measured(directory: Path, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row: on SQLite, and in the full form on PostgreSQL too."""
    figures: tuple[Figure, ...] = ()
    for store, compare in stores_of(extent).items():
        with compare(directory / store.lower(), SERVICES, extent) as done:
            done.demand_same(WRITTEN)
            figures += _judged(done.rounds, store)
    return figures


def _judged(rounds: Rounds, store: str) -> tuple[Figure, ...]:
    # CPU each call is the inverse of the rate that a core can give, and is not disturbed by what else the machine does.
    return (
        at_least(4, f"{store}: rate of scored submits / of the echo (by CPU)", rounds.cpu.ratio(ECHO, OURS), GATE_ECHO),
        at_least(4, f"{store}: rate / of the plain service (by CPU)", rounds.cpu.ratio(PLAIN, OURS), GATE_PLAIN),
        at_most(4, f"{store}: p99 / of the echo", rounds.p99.ratio(OURS, ECHO), GATE_P99),
        *(Figure(4, f"  {store}, {name}", rounds.shown(name)) for name in SERVICES),
    )
