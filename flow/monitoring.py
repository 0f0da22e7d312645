"""MONITOR: the clinic's figures of a month, of all its packages and of each; counts only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from delivery.content import Content
from delivery.monitoring import UNKNOWN, By, Count, Figure, Measure, MonitoringRule, Tally, figure, month_after
from delivery.population import Horizon
from delivery.profile import age_on
from delivery.recurrence import danish_date, danish_midnight
from kernel.clock import Clock
from kernel.errors import InvalidInputError, Issue
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.cpr import born_on
from security.policy import Action, allow
from store.database import Store
from store.repositories.monitoring import ByPackage, EndedOccasion, Span
from store.transaction import Tx

EARLIEST = date(2026, 1, 1)
"""Nobody was asked before."""
HOUR = timedelta(hours=1)
ALL = ""
"""Stands for all packages together."""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure.

    Args:
        whole: of all patients.
        parts: by what -> group -> its figure, of those groups in which there is anybody.
    """

    measure: Measure
    whole: Figure
    parts: Mapping[By, Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures of one month.

    Args:
        month: its first day.
        is_over: the month has ended, so that most figures stand.
        packages: package -> its lines; `ALL` is there always, first.
        version: of the file that defines them.
        clinic: SOR id of the clinic, for the report.
    """

    month: date
    is_over: bool
    packages: Mapping[str, tuple[Line, ...]]
    version: str
    clinic: str


@dataclass(frozen=True, slots=True)
class Monitor:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self, actor: Actor, month: date | None = None) -> MonthFigures:
        """Return the figures of a month.

        Args:
            month: any day of it; None = this month.

        Raises:
            InvalidInputError: the month is to come, or is before the service.
        """
        allow(actor, Action.MONITOR)
        now = self.clock.now()
        this = danish_date(now).replace(day=1)
        first = (month or this).replace(day=1)
        if not EARLIEST <= first <= this:
            text = "There are no figures of this month."
            raise InvalidInputError(text, issues=[Issue("value", text, "month", rule="no-such-month")])
        rule = self.content.monitoring
        with self.store.write(actor.clinic_id, actor) as tx:
            tallies = _tallies(tx, rule, first)
            packages = {name: tuple(_lines(rule, tallies[name])) for name in sorted(tallies)}
            tx.audit.record(AuditEvent("read", "Monitoring", purpose="quality"))
            return MonthFigures(first, first < this, packages, rule.version, tx.clinics.get().sor_id)


@dataclass(frozen=True, slots=True)
class _Tallies:
    """What was counted of one package, whole and apart."""

    whole: Tally
    apart: Mapping[By, Mapping[str, Tally]]


def _tallies(tx: Tx, rule: MonitoringRule, first: date) -> Mapping[str, _Tallies]:
    after = month_after(first)
    span = Span(danish_midnight(first), danish_midnight(after))
    horizon = Horizon(danish_midnight(month_after(after, -rule.window_months)), rule.annual_control)
    do = tx.monitoring
    by_package = [do.enrolled(span.end, horizon), do.undelivered(span), do.answered(span)]
    by_package += [do.alerts(span), do.decisions(span)]
    ended, handled = do.ended_occasions(span), do.handled(span)
    hours = [(one.package, Fraction((one.decided_at - one.made_at) // timedelta(seconds=1), 3600)) for one in handled]
    groups = _groups(tx, rule, ended, after)
    names = {ALL, *tx.clinics.packages(), *(name for counted in by_package for name in counted)}
    at_all = {
        Count.UNMATCHED: do.unmatched(span),
        Count.UNDELIVERED: do.undelivered_at_all(span),
        Count.ANSWERED: do.answered_at_all(span),
    }
    return {
        name: _of_package(name, by_package, groups, [each for package, each in hours if name in (ALL, package)], at_all)
        for name in names
    }


Grouped = Sequence[tuple[EndedOccasion, Mapping[By, str]]]


def _of_package(
    name: str,
    by_package: Sequence[ByPackage],
    ended: Grouped,
    hours: Sequence[Fraction],
    at_all: Mapping[Count, int],
) -> _Tallies:
    mine = [(one, groups) for one, groups in ended if name in (ALL, *one.packages)]
    counts = {**_summed(name, by_package), **_answers(one for one, _ in mine)}
    if name == ALL:
        counts |= at_all
    apart = {
        by: {
            group: Tally(_answers(one for one, groups in mine if groups[by] == group))
            for group in sorted({groups[by] for _, groups in mine})
        }
        for by in By
    }
    return _Tallies(Tally(counts, tuple(hours)), apart)


def _summed(name: str, by_package: Sequence[ByPackage]) -> dict[Count, int]:
    counts: dict[Count, int] = {}
    for counted in by_package:
        for package, found in counted.items():
            for count, number in found.items():
                if name in (ALL, package):
                    counts[count] = counts.get(count, 0) + number
    return counts


def _answers(occasions: Iterable[EndedOccasion]) -> dict[Count, int]:
    answered = [one.answered for one in occasions]
    return {Count.ASKED: len(answered), Count.NOT_ANSWERED: answered.count(False)}


def _groups(tx: Tx, rule: MonitoringRule, ended: Sequence[EndedOccasion], day: date) -> Grouped:
    """Put each occasion into its groups; the age is that of the day after the month."""
    ages = _ages(tx, {one.patient_ref for one in ended}, day)
    return [
        (one, {By.AGE: rule.age_group(ages.get(one.patient_ref)), By.CHANNEL: one.channel or UNKNOWN}) for one in ended
    ]


def _ages(tx: Tx, refs: set[PatientRef], day: date) -> Mapping[PatientRef, int]:
    who = tx.patients.identities(refs - tx.monitoring.destroyed())
    born = {ref: born_on(one.kind, one.identifier) for ref, one in who.items()}
    return {ref: age_on(day_of_birth, day) for ref, day_of_birth in born.items() if day_of_birth}


def _lines(rule: MonitoringRule, tallies: _Tallies) -> Iterable[Line]:
    for measure in rule.measures:
        parts = {by: {group: figure(measure, tally) for group, tally in tallies.apart[by].items()} for by in measure.by}
        yield Line(measure, figure(measure, tallies.whole), parts)
