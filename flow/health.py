"""Whether this installation can do its work: asked by `/readyz` and by `svarbro doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass

from delivery.alarms import Limits, is_alive
from kernel.clock import Clock
from kernel.errors import UnavailableError
from store.database import Store


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
    limits: Limits

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
        if unsecured := self.store.unsecured():
            checks["clinics"] = f"not kept apart by the database in: {', '.join(unsecured)}"
        with self.store.survey() as survey:
            beats, waits = survey.last_beats(), survey.waits_since(now)
        checks["worker"] = "ok" if beats and is_alive(beats[0], now) else "no sign of life"
        age_s = (now - waits).total_seconds() if waits else 0
        checks["outbox"] = "ok" if age_s < self.limits.age_s else "not draining"
        return checks
