"""The population: where the patients in packages stand, page by page and counted; set by set, never row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, exists, func, select

from delivery.population import Horizon, InPackage, Standing, Standings, Wish
from delivery.schedule import Enrolment, EnrolmentState, OccasionState, SlotState
from kernel.ids import EnrolmentId
from scoring.actions import ActionState
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import destroyed
from store.tables.agreed_action import AgreedActionRow
from store.tables.decision import DecisionRow
from store.tables.enrolment import EnrolmentRow
from store.tables.occasion import OccasionRow
from store.tables.slot import SlotRow
from store.tables.suggestion import SuggestionRow
from store.values import to_value

ACTION = table_of(AgreedActionRow)
DECISION = table_of(DecisionRow)
ENROLMENT = table_of(EnrolmentRow)
OCCASION = table_of(OccasionRow)
SLOT = table_of(SlotRow)
SUGGESTION = table_of(SuggestionRow)
RUNNING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)
Where = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Population:
    """Reads where the patients of one clinic stand; who left a package is in it no more."""

    scope: Scope

    def page(
        self, wish: Wish, horizon: Horizon, *, limit: int, after: EnrolmentId | None = None
    ) -> tuple[InPackage, ...]:
        """Return a page in the order in which patients came into their packages.

        Args:
            after: the last id of the page before.
        """
        readable = ENROLMENT.c.patient_ref.not_in(destroyed(self.scope))
        query = self.scope.select(ENROLMENT, ENROLMENT.c.state.in_(RUNNING), readable)
        if wish.package is not None:
            query = query.where(ENROLMENT.c.package == wish.package)
        if wish.standing is not None:
            query = query.where(self._stands(wish.standing, horizon))
        if after is not None:
            query = query.where(ENROLMENT.c.id > after)
        found = self.scope.all(query.order_by(ENROLMENT.c.id).limit(limit))
        return self._with_standing(found, horizon)

    def counted(self, horizon: Horizon) -> tuple[Standings, ...]:
        """Count who stands how, by package."""
        columns = [func.sum(case((self._stands(one, horizon), 1), else_=0)).label(one.name.lower()) for one in Standing]
        query = (
            select(ENROLMENT.c.package, func.count().label("enrolled"), *columns)
            .where(ENROLMENT.c.clinic_id == self.scope.clinic_id, ENROLMENT.c.state.in_(RUNNING))
            .group_by(ENROLMENT.c.package)
            .order_by(ENROLMENT.c.package)
        )
        return tuple(
            Standings(row.package, row.enrolled, {one: int(row[2 + n]) for n, one in enumerate(Standing)})
            for row in self.scope.all(query)
        )

    def _stands(self, standing: Standing, horizon: Horizon) -> Where:
        """Make the condition that an enrolment stands like this."""
        if standing is Standing.PAUSED:
            return ENROLMENT.c.state == EnrolmentState.PAUSED
        if standing is Standing.ASKED:
            return self._asks(OCCASION.c.state == OccasionState.OPEN)
        if standing is Standing.UNANSWERED:
            newest = self._newest_occasion()
            return self._asks(OCCASION.c.state == OccasionState.EXPIRED, OCCASION.c.id == newest)
        if standing is Standing.NO_LEVEL:
            decided = (DECISION.c.level.is_not(None), DECISION.c.decided_at >= horizon.since)
            return ~exists().where(*self._of(DECISION), *decided)
        return ~exists().where(*self._of(ACTION), *_is_control(horizon), ACTION.c.changed_at >= horizon.since)

    def _asks(self, *where: Where) -> Where:
        """Make the condition that an occasion asks for the enrolment."""
        same = (OCCASION.c.clinic_id == SLOT.c.clinic_id, OCCASION.c.id == SLOT.c.occasion_id)
        return exists().where(*self._of(SLOT), *same, *where)

    def _newest_occasion(self) -> ScalarSelect[Any]:
        """Make the query of the newest occasion that asked for the enrolment; ids are in the order of time."""
        return select(func.max(SLOT.c.occasion_id)).where(*self._of(SLOT)).correlate(ENROLMENT).scalar_subquery()

    def _of(self, table: Any) -> tuple[Where, Where]:
        return table.c.clinic_id == ENROLMENT.c.clinic_id, table.c.enrolment_id == ENROLMENT.c.id

    def _with_standing(self, found: Sequence[Found], horizon: Horizon) -> tuple[InPackage, ...]:
        ids = [row.id for row in found]
        planned = self._by(SLOT, func.min(SLOT.c.nominal_date), ids, SLOT.c.state == SlotState.PLANNED)
        answered = self._by(SUGGESTION, func.max(SUGGESTION.c.made_at), ids)
        controlled = self._by(ACTION, func.max(ACTION.c.changed_at), ids, *_is_control(horizon))
        occasions, decisions = self._occasions(ids), self._decisions(ids)
        return tuple(
            _in_package(row, occasions.get(row.id), decisions.get(row.id), (planned, answered, controlled))
            for row in found
        )

    def _by(self, table: Any, value: ColumnElement[Any], ids: Sequence[str], *where: Where) -> Mapping[str, Any]:
        here = (table.c.clinic_id == self.scope.clinic_id, table.c.enrolment_id.in_(ids), *where)
        query: Select[Any] = select(table.c.enrolment_id, value.label("value")).where(*here)
        return {row.enrolment_id: row.value for row in self.scope.all(query.group_by(table.c.enrolment_id))}

    def _occasions(self, ids: Sequence[str]) -> Mapping[str, Found]:
        """Return the newest occasion that asked for each enrolment."""
        newest = (
            select(SLOT.c.enrolment_id, func.max(SLOT.c.occasion_id).label("occasion_id"))
            .where(SLOT.c.clinic_id == self.scope.clinic_id, SLOT.c.enrolment_id.in_(ids))
            .group_by(SLOT.c.enrolment_id)
            .subquery()
        )
        query = select(newest.c.enrolment_id, *OCCASION.c).where(
            OCCASION.c.clinic_id == self.scope.clinic_id, OCCASION.c.id == newest.c.occasion_id
        )
        return {row.enrolment_id: row for row in self.scope.all(query)}

    def _decisions(self, ids: Sequence[str]) -> Mapping[str, Found]:
        """Return the newest decision of each enrolment."""
        query = self.scope.select(DECISION, DECISION.c.enrolment_id.in_(ids))
        rows = self.scope.all(query.order_by(DECISION.c.enrolment_id, DECISION.c.decided_at, DECISION.c.id))
        return {row.enrolment_id: row for row in rows}


def _is_control(horizon: Horizon) -> tuple[Where, Where]:
    return ACTION.c.code.in_(horizon.controls), ACTION.c.state == ActionState.COMPLETED


def _in_package(
    row: Found, occasion: Found | None, decision: Found | None, dates: Sequence[Mapping[str, Any]]
) -> InPackage:
    planned, answered, controlled = (by.get(row.id) for by in dates)
    is_open = occasion is not None and occasion.state is OccasionState.OPEN
    return InPackage(
        enrolment=to_value(Enrolment, row),
        next_due=planned,
        asked_until=occasion.expires_at if occasion is not None and is_open else None,
        answered_at=answered,
        unanswered=occasion is not None and occasion.state is OccasionState.EXPIRED,
        colour=decision.colour if decision else None,
        level=decision.level if decision else None,
        decided_at=decision.decided_at if decision else None,
        controlled_at=controlled,
    )
