"""Suggestions, as they were made."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func

from kernel.ids import EnrolmentId, OccasionId, SuggestionId
from scoring.result import RuleVersion
from scoring.suggestion import FiledSuggestion
from store.base import table_of
from store.repositories.alert_json import alert_from_json, alert_to_json, table_to_json
from store.repositories.needs_json import needs_from_json, needs_to_json
from store.scope import Found, Scope, of_clinic
from store.tables.occasion import OccasionRow
from store.tables.suggestion import SuggestionRow
from store.values import to_columns, to_value

OCCASION = table_of(OccasionRow)
SUGGESTION = table_of(SuggestionRow)
LAST_N = of_clinic(
    SUGGESTION,
    SUGGESTION.c.occasion_id == bindparam("of_occasion"),
    SUGGESTION.c.enrolment_id == bindparam("of_enrolment"),
).with_only_columns(func.coalesce(func.max(SUGGESTION.c.n), 0).label("n"))
OF_OCCASION = and_(OCCASION.c.clinic_id == SUGGESTION.c.clinic_id, OCCASION.c.id == SUGGESTION.c.occasion_id)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Reads and adds suggestions."""

    scope: Scope

    def add(self, suggestion: FiledSuggestion) -> None:
        """Add a suggestion; its number taken is a ConflictError."""
        alert = suggestion.alert
        columns = {
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
        self.scope.insert(SUGGESTION, columns)

    def get(self, suggestion_id: SuggestionId) -> FiledSuggestion:
        """Return a suggestion; NotFoundError if there is none in this clinic."""
        return suggestion_of(self.scope.get(SUGGESTION, suggestion_id))

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

    def next_n(self, occasion_id: OccasionId, enrolment_id: EnrolmentId) -> int:
        """Return the next free number within occasion and enrolment, from 1; lock the enrolment before."""
        (last,) = self.scope.rows(LAST_N, of_occasion=occasion_id, of_enrolment=enrolment_id)
        return int(last.n) + 1


def suggestion_of(row: Found) -> FiledSuggestion:
    """Make the value of a row."""
    needs = needs_from_json(row.needs) if row.needs else None
    made_with = tuple(RuleVersion(**one) for one in row.made_with or ())
    return to_value(FiledSuggestion, row, alert=alert_from_json(row.alert), needs=needs, made_with=made_with)
