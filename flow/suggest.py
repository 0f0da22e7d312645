"""SUGGEST: a package's alert for an occasion, recomputed at each response from the newest valid answers."""

from dataclasses import dataclass

from delivery.content import Content
from delivery.schedule import Enrolment, Occasion, OccasionState
from kernel.ids import SuggestionId, new_id
from scoring.evaluate import evaluate
from scoring.suggestion import FiledSuggestion
from scoring.timeline import Moment, inputs_for
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Suggest:
    """A part of the use cases that file answers; it runs inside their transaction."""

    content: Content

    def __call__(self, tx: Tx, enrolment: Enrolment, occasion: Occasion) -> FiledSuggestion:
        """Walk the package's alert table over all that is known now, and file the result.

        Args:
            occasion: as it stands after the answer was filed.
        """
        programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
        table = self.content.catalogue.table(programme.alert)
        phase = programme.occasion(_kind(tx, enrolment, occasion)).phase
        inputs = inputs_for(table, Moment(tx.now, phase, occasion.id), tx.history.of(enrolment))
        suggestion = FiledSuggestion(
            id=SuggestionId(new_id()),
            enrolment_id=enrolment.id,
            occasion_id=occasion.id,
            n=tx.suggestions.next_n(occasion.id, enrolment.id),
            made_at=tx.now,
            complete=occasion.state is not OccasionState.OPEN,
            alert=evaluate(table, phase, inputs),
        )
        tx.suggestions.add(suggestion)
        return suggestion


def _kind(tx: Tx, enrolment: Enrolment, occasion: Occasion) -> str:
    """Tell which kind of the programme's occasions this one is for the enrolment."""
    slot = next(slot for slot in tx.schedule.of_occasion(occasion.id) if slot.enrolment_id == enrolment.id)
    return tx.schedule.series(slot.series_id).occasion_kind
