"""CONTENT: what another alert table would have said of the answers that are stored; counts only, nothing is changed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from delivery.asking import asker_of
from delivery.content import Content
from delivery.schedule import Enrolment
from flow.topics import with_topics
from kernel.ids import ClinicId, EnrolmentId, OccasionId
from scoring.evaluate import evaluate
from scoring.history import History
from scoring.levels import Colour
from scoring.suggestion import FiledSuggestion
from scoring.table import Table
from scoring.timeline import Moment, inputs_for
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

AT_A_TIME = 200
Change = tuple[Colour, Colour]
"""Colour that was suggested, and colour that the other table gives."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """How many suggestions another table would have changed.

    Args:
        occasions: change -> number of occasions, each with its last suggestion.
        newest: change -> number of enrolments, each with its newest occasion: whom it would change today.
    """

    occasions: Mapping[Change, int] = field(default_factory=lambda: MappingProxyType({}))
    newest: Mapping[Change, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SimulateTable:
    """The use case."""

    store: Store
    content: Content

    def __call__(self, table: Table, instead_of: str, told: Callable[[int], None] = lambda _: None) -> Simulated:
        """Replay the stored answers with another table, as they were known when each suggestion was made.

        Args:
            table: loaded and checked; it need not be adopted.
            instead_of: id of the table whose suggestions are replayed, such as `alert/kol`.
            told: called with the number of enrolments done, for a progress bar.
        """
        occasions: Counter[Change] = Counter()
        newest: Counter[Change] = Counter()
        done = 0
        for clinic_id in self.store.clinics():
            self._record(_operator(clinic_id), table)
            for changes in self._clinic(clinic_id, table, instead_of):
                occasions.update(changes)
                newest.update(changes[-1:])
                done += 1
                told(done)
        return Simulated(MappingProxyType(occasions), MappingProxyType(newest))

    def in_clinic(self, actor: Actor, table: Table, instead_of: str) -> Simulated:
        """Replay the answers of the actor's own clinic; only counts come out."""
        allow(actor, Action.ADMINISTER)
        self._record(actor, table)
        found = tuple(self._clinic(actor.clinic_id, table, instead_of))
        occasions = Counter(change for changes in found for change in changes)
        newest = Counter(changes[-1] for changes in found if changes)
        return Simulated(MappingProxyType(occasions), MappingProxyType(newest))

    def _record(self, actor: Actor, table: Table) -> None:
        """Looking at a clinic's answers leaves a trace there, also where only counts come out."""
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.audit.record(AuditEvent("simulate", f"Content/{table.version.id}|{table.version.version}"))

    def _clinic(self, clinic_id: ClinicId, table: Table, instead_of: str) -> Iterator[list[Change]]:
        """Give for each enrolment its changes, oldest occasion first."""
        after: EnrolmentId | None = None
        while True:
            with self.store.read(clinic_id, _operator(clinic_id)) as tx:
                enrolments = tx.enrolments.all(AT_A_TIME, after)
                found = [self._enrolment(tx, one, table, instead_of) for one in enrolments]
            yield from found
            if len(enrolments) < AT_A_TIME:
                return
            after = enrolments[-1].id

    def _enrolment(self, tx: Tx, enrolment: Enrolment, table: Table, instead_of: str) -> list[Change]:
        suggestions = _last_of_each(tx.suggestions.of_enrolment(enrolment.id), instead_of)
        if not suggestions:
            return []
        history = with_topics(tx, self.content, tx.history.of(enrolment))
        return [(one.alert.colour, self._replayed(tx, enrolment, one, table, history)) for one in suggestions]

    def _replayed(
        self, tx: Tx, enrolment: Enrolment, suggestion: FiledSuggestion, table: Table, history: History
    ) -> Colour:
        asked_by = (slot.asked_by for slot in tx.schedule.of_occasion(suggestion.occasion_id) if slot.asked_by)
        asker = asker_of(self.content, enrolment, next(asked_by, None))
        phase = suggestion.alert.phase
        moment = Moment(suggestion.made_at, phase, suggestion.occasion_id, slots=asker.slots)
        return evaluate(table, phase, inputs_for(table, moment, _known_at(history, suggestion.made_at))).colour


def _last_of_each(suggestions: tuple[FiledSuggestion, ...], table_id: str) -> list[FiledSuggestion]:
    """Keep the last suggestion of each occasion, where the table was walked; oldest first."""
    last: dict[OccasionId, FiledSuggestion] = {}
    for one in suggestions:
        if one.alert.table.id == table_id and one.alert.rows:
            last[one.occasion_id] = one
    return sorted(last.values(), key=lambda one: one.made_at)


def _known_at(history: History, moment: datetime) -> History:
    """Keep what was known when a suggestion was made; a decision of that very moment came after it."""
    return replace(
        history,
        responses=tuple(one for one in history.responses if one.answered_at <= moment),
        decisions=tuple(one for one in history.decisions if one.decided_at < moment),
    )


def _operator(clinic_id: ClinicId) -> Actor:
    return Actor(Role.OPERATOR, "simulate", clinic_id)
