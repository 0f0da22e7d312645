"""SUGGEST: alert and needs assessment of a package, recomputed at each response from the newest valid answers."""

from dataclasses import dataclass

from delivery.content import Content
from delivery.programme import Programme
from delivery.schedule import Enrolment, Occasion, OccasionState
from flow.topics import with_topics
from kernel.ids import SuggestionId, new_id
from questionnaires.model import Text
from scoring.decision import CLINICIANS_PART
from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.history import History
from scoring.levels import Colour, Urgency
from scoring.needs import NeedsAssessment
from scoring.suggestion import Alert, FiledSuggestion
from scoring.table import Table
from scoring.timeline import Moment, inputs_for, needs_inputs
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Suggest:
    """A part of the use cases that file answers; it runs inside their transaction."""

    content: Content

    def __call__(self, tx: Tx, enrolment: Enrolment, occasion: Occasion) -> FiledSuggestion:
        """Walk the package's two tables over all that is known now, and file both results, apart.

        Args:
            occasion: as it stands after the answer was filed.
        """
        programme = self.content.programmes.get(enrolment.programme, enrolment.programme_version)
        moment = _moment(tx, programme, enrolment, occasion)
        history = with_topics(tx, self.content, tx.history.of(enrolment))
        suggestion = FiledSuggestion(
            id=SuggestionId(new_id()),
            enrolment_id=enrolment.id,
            occasion_id=occasion.id,
            n=tx.suggestions.next_n(occasion.id, enrolment.id),
            made_at=tx.now,
            complete=occasion.state is not OccasionState.OPEN,
            alert=self._alert(tx, programme, moment, history),
            needs=self._needs(programme, moment, history),
        )
        tx.suggestions.add(suggestion)
        return suggestion

    def _alert(self, tx: Tx, programme: Programme, moment: Moment, history: History) -> Alert:
        table = self.content.catalogue.table(programme.alert)
        inputs = inputs_for(table, moment, history)
        if not self._asks_for_danger(tx, table, moment):
            # Nothing else may move an alert, and what was not asked is not green: it is left open, without a row.
            return Alert(
                colour=Colour.UNKNOWN,
                urgency=Urgency.ROUTINE,
                rows=(),
                action=Text("", ""),
                incomplete=True,
                table=table.version,
                phase=moment.phase,
                inputs=inputs,
            )
        return evaluate(table, moment.phase, inputs)

    def _needs(self, programme: Programme, moment: Moment, history: History) -> NeedsAssessment | None:
        if programme.needs is None:
            return None
        table = self.content.catalogue.needs()
        return assess(table, programme.needs, needs_inputs(table, programme.needs, moment, history))

    def _asks_for_danger(self, tx: Tx, table: Table, moment: Moment) -> bool:
        """Tell whether the occasion holds the safety screen that the table reads."""
        read = {one.source.questionnaire for one in table.inputs.values()}
        requests = tx.requests.of_occasion(moment.occasion_id)
        asked = (self.content.questionnaires.get(request.questionnaire) for request in requests)
        return any(one.safety_screen and one.id in read for one in asked)


def _moment(tx: Tx, programme: Programme, enrolment: Enrolment, occasion: Occasion) -> Moment:
    given = tx.decisions.clinicians_part(enrolment.id)
    return Moment(
        tx.now,
        _phase(tx, programme, enrolment, occasion),
        occasion.id,
        slots=enrolment.slots,
        clinician_colour=given.dimensions[CLINICIANS_PART] if given else None,
        clinician_at=given.decided_at if given else None,
    )


def _phase(tx: Tx, programme: Programme, enrolment: Enrolment, occasion: Occasion) -> str:
    """Tell the phase of the occasion: of the first of the programme's kinds that joined in it."""
    kinds = {
        tx.schedule.series(slot.series_id).occasion_kind
        for slot in tx.schedule.of_occasion(occasion.id)
        if slot.enrolment_id == enrolment.id
    }
    return next(kind.phase for kind in programme.occasions if kind.id in kinds)
