"""Whether this installation can do its work: asked by `/readyz` and by `svarbro doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from kernel.clock import Clock
from kernel.errors import UnavailableError
from store.database import Store

SILENCE = timedelta(seconds=60)
"""A worker beats every few seconds; after this long it is gone."""

BACKLOG_S = 15 * 60
"""Older than this, the oldest due message means that the outbox does not drain."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of an installation.

    Args:
        ready: every check is `ok`.
        checks: name of the check -> `ok` or what is wrong, without any data.
    """

    ready: bool
    checks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckHealth:
    """The use case."""

    store: Store
    clock: Clock

    def __call__(self) -> Health:
        """Look at database, migration, worker and outbox; never raises for what it finds."""
        try:
            checks = self._checks()
        except UnavailableError:
            checks = {"database": "cannot be reached"}
        return Health(all(value == "ok" for value in checks.values()), checks)

    def _checks(self) -> dict[str, str]:
        now = self.clock.now()
        self.store.ping()
        checks = {"database": "ok"}
        checks["migration"] = "ok" if self.store.migration_is_current() else "not current: run svarbro db upgrade"
        if checks["migration"] != "ok":
            return checks
        with self.store.queue() as queue:
            beat, age = queue.last_beat(), queue.outbox_age(now)
        checks["worker"] = "ok" if beat and now - beat < SILENCE else "no sign of life"
        checks["outbox"] = "ok" if age < BACKLOG_S else "not draining"
        return checks
