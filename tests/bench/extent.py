"""How much is measured: enough for a gate in minutes, or more with SVARBRO_BENCH=full."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a run.

    Args:
        rounds: of every interleaved measurement.
        submits: scored submits of each service in a round.
        warm: submits of each service before the first round.
        on_postgresql: measure submits there too.
        steady_s: how long messages fall due at a steady rate.
        backlog: due messages that one worker empties; 0 = none.
        enrolments: in how many the due scan looks, each a measurement of its own.
        responses: of how many of a clinic the worklist is made, the least and the most.
    """

    rounds: int
    submits: int
    warm: int
    on_postgresql: bool
    steady_s: int
    backlog: int
    enrolments: tuple[int, ...]
    responses: tuple[int, ...]

    @property
    def patients(self) -> int:
        """Patients that each service needs: every submit answers a request of its own."""
        return self.rounds * self.submits + self.warm


QUICK = Extent(
    rounds=7,
    submits=250,
    warm=150,
    on_postgresql=False,
    steady_s=15,
    backlog=0,
    enrolments=(10_000, 100_000),
    responses=(10_000, 100_000),
)
FULL = Extent(
    rounds=11,
    submits=500,
    warm=300,
    on_postgresql=True,
    steady_s=600,
    backlog=200_000,
    enrolments=(10_000, 100_000, 1_000_000),
    responses=(10_000, 1_000_000),
)


def chosen_extent() -> Extent:
    """Return the extent that the environment asks for."""
    return FULL if os.environ.get("SVARBRO_BENCH") == "full" else QUICK
