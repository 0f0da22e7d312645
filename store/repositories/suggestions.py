"""Suggestions, as they were made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import and_, bindparam, func, insert, select

from kernel.ids import EnrolmentId, SuggestionId
from scoring.result import RuleVersion
from scoring.suggestion import FiledSuggestion
from store.base import table_of
from store.repositories.alert_json import alert_from_json, alert_to_json, table_to_json
from store.repositories.needs_json import needs_from_json, needs_to_json
from store.scope import OF_CLINIC, Found, Scope
from store.tables.occasion import OccasionRow
from store.tables.suggestion import SuggestionRow
from store.values import batched, to_columns, to_value

OCCASION = table_of(OccasionRow)
SUGGESTION = table_of(SuggestionRow)
LAST = SUGGESTION.alias("last")
NEXT_N = (
    select(func.coalesce(func.max(LAST.c.n), 0) + 1)
    .where(
        LAST.c.clinic_id == bindparam(OF_CLINIC),
        LAST.c.occasion_id == bindparam("new_occasion_id"),
        LAST.c.enrolment_id == bindparam("new_enrolment_id"),
    )
    .scalar_subquery()
)
APPEND = (
    insert(SUGGESTION)
    .values(
        {
            **{column.name: bindparam(f"new_{column.name}") for column in SUGGESTION.c},
            "clinic_id": bindparam(OF_CLINIC),
            "n": NEXT_N,
        }
    )
    .returning(SUGGESTION.c.n)
)
OF_OCCASION = and_(OCCASION.c.clinic_id == SUGGESTION.c.clinic_id, OCCASION.c.id == SUGGESTION.c.occasion_id)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Reads and adds suggestions."""

    scope: Scope

    def add(self, suggestion: FiledSuggestion) -> None:
        """Add a suggestion; its number taken is a ConflictError."""
        self.scope.insert(SUGGESTION, _columns(suggestion))

    def append(self, suggestion: FiledSuggestion) -> FiledSuggestion:
        """Add a suggestion under the next number within occasion and enrolment, from 1; lock the enrolment before.

        Args:
            suggestion: whatever number it bears.
        """
        values = {f"new_{name}": value for name, value in _columns(suggestion).items() if name != "n"}
        return replace(suggestion, n=self.scope.append(APPEND, **values))

    def get(self, suggestion_id: SuggestionId) -> FiledSuggestion:
        """Return a suggestion; NotFoundError if there is none in this clinic."""
        return suggestion_of(self.scope.get(SUGGESTION, suggestion_id))

    def get_all(self, suggestion_ids: Collection[SuggestionId]) -> Mapping[SuggestionId, FiledSuggestion]:
        """Return those of these suggestions that are of this clinic."""
        found = (
            suggestion_of(row)
            for batch in batched(sorted(suggestion_ids))
            for row in self.scope.all(self.scope.select(SUGGESTION, SUGGESTION.c.id.in_(batch)))
        )
        return {one.id: one for one in found}

    def newest(self, enrolment_id: EnrolmentId) -> FiledSuggestion | None:
        """Return the newest suggestion for an enrolment: the last one of its newest occasion.

        Counted, not timed: two machines that answer at once need not agree on the second.
        """
        query = self.scope.select(SUGGESTION, SUGGESTION.c.enrolment_id == enrolment_id).join(OCCASION, OF_OCCASION)
        row = self.scope.first(query.order_by(OCCASION.c.opened_at.desc(), SUGGESTION.c.n.desc()))
        return None if row is None else suggestion_of(row)

    def of_enrolment(self, enrolment_id: EnrolmentId) -> tuple[FiledSuggestion, ...]:
        """Return all suggestions for an enrolment, oldest first."""
        query = self.scope.select(SUGGESTION, SUGGESTION.c.enrolment_id == enrolment_id)
        rows = self.scope.all(query.order_by(SUGGESTION.c.made_at, SUGGESTION.c.id))
        return tuple(suggestion_of(row) for row in rows)


def _columns(suggestion: FiledSuggestion) -> Mapping[str, object]:
    alert = suggestion.alert
    return {
        **to_columns(suggestion),
        "alert": alert_to_json(alert),
        "needs": needs_to_json(suggestion.needs) if suggestion.needs else None,
        "made_with": [table_to_json(one) for one in suggestion.made_with] or None,
        "colour": alert.colour,
        "urgency": alert.urgency,
        "table_id": alert.table.id,
        "table_version": alert.table.version,
        "table_sha256": alert.table.sha256,
    }


def suggestion_of(row: Found) -> FiledSuggestion:
    """Make the value of a row."""
    needs = needs_from_json(row.needs) if row.needs else None
    made_with = tuple(RuleVersion(**one) for one in row.made_with or ())
    return to_value(FiledSuggestion, row, alert=alert_from_json(row.alert), needs=needs, made_with=made_with)
