"""ARRANGE: when a clinic is closed, and how fresh its patients' status must be before anybody is written to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from delivery.parties import Window
from delivery.patient_status import FeedDemand
from kernel.errors import InvalidInputError, Issue
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

LONGEST_SOURCE = 40
MINUTES_A_DAY = 24 * 60
WEEK = range(1, 8)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a clinic is set.

    Args:
        window: with the clinic's own closures.
        demands: how fresh each source of patients' status must be.
        stale: sources that have not spoken in time; while there is one, no patient is written to.
    """

    window: Window
    demands: tuple[FeedDemand, ...]
    stale: tuple[FeedDemand, ...]


@dataclass(frozen=True, slots=True)
class ArrangeClinic:
    """The use cases of whoever runs the service for a clinic."""

    store: Store

    def shown(self, actor: Actor) -> Arrangement:
        """Tell how the actor's clinic is set."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            return Arrangement(tx.window, tx.freshness.demands(), tx.freshness.stale())

    def stale(self, actor: Actor) -> tuple[FeedDemand, ...]:
        """Tell the clinic's people which silent sources keep its patients from being written to."""
        allow(actor, Action.READ_WORKLIST)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.freshness.stale()

    def close(self, actor: Actor, days: Collection[date]) -> int:
        """Close the clinic on Danish dates; tell how many are new.

        What is planned for such a date stays planned and leaves on the next open day: its identity is its date in the
        series, so that nothing is sent twice.
        """
        return self._change(actor, "close", lambda tx: sum(tx.clinics.close_on(day) for day in sorted(days)))

    def reopen(self, actor: Actor, days: Collection[date]) -> int:
        """Take closures back; tell how many there were."""
        return self._change(actor, "reopen", lambda tx: sum(tx.clinics.open_on(day) for day in sorted(days)))

    def set_window(self, actor: Actor, opens: int, closes: int, weekdays: Collection[int]) -> None:
        """Set between which minutes of which weekdays the clinic's patients may be written to.

        What is planned keeps its day; its hour is asked for when it leaves.

        Args:
            opens, closes: minutes after midnight, Danish wall time.
            weekdays: ISO weekdays, 1 = Monday.

        Raises:
            InvalidInputError: it never opens, or the hours are none of one day; each fault is named.
        """
        allow(actor, Action.ADMINISTER)
        _refuse_never_open(opens, closes, weekdays)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.clinics.set_window(opens, closes, frozenset(weekdays))
            _told(tx, "set-window")

    def open_on_optional_days(self, actor: Actor, *, is_open: bool) -> None:
        """Set whether the days on which clinics commonly close count as open."""
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.clinics.open_on_optional_days(is_open=is_open)
            _told(tx, "optional-days")

    def demand_status(self, actor: Actor, source: str, max_age_h: int | None) -> None:
        """Demand that a source of patients' status spoke within so many hours, or nothing of it any more (None).

        Raises:
            InvalidInputError: no such name, or less than an hour.
        """
        allow(actor, Action.OPERATE)
        _refuse_wrong(source, max_age_h)
        with self.store.write(actor.clinic_id, actor) as tx:
            if max_age_h is None:
                tx.freshness.drop(source)
            else:
                tx.freshness.demand(source, max_age_h)
            _told(tx, "demand-status")

    def _change(self, actor: Actor, action: str, change: Callable[[Tx], int]) -> int:
        allow(actor, Action.ADMINISTER)
        with self.store.write(actor.clinic_id, actor) as tx:
            count = change(tx)
            _told(tx, action)
            return count


def _refuse_never_open(opens: int, closes: int, weekdays: Collection[int]) -> None:
    issues = []
    if not 0 <= opens < closes <= MINUTES_A_DAY:
        issues.append(Issue("value", "The clinic opens before it closes, on one day.", "hours", rule="hours"))
    if not weekdays or not set(weekdays) <= set(WEEK):
        issues.append(Issue("value", "Name one weekday or more, 1 to 7.", "weekdays", rule="weekdays"))
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)


def _told(tx: Tx, action: str) -> None:
    tx.audit.record(AuditEvent(action, f"Clinic/{tx.clinic_id}", purpose="delivery"))


def _refuse_wrong(source: str, max_age_h: int | None) -> None:
    issues = []
    if not source.strip() or len(source) > LONGEST_SOURCE:
        issues.append(Issue("value", f"A feed has a name of at most {LONGEST_SOURCE} characters.", "source"))
    if max_age_h is not None and max_age_h < 1:
        issues.append(Issue("value", "A status may be an hour old at least.", "hours"))
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
