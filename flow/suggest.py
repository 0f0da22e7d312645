"""SUGGEST: alert and needs assessment of a package, recomputed at each response from the newest valid answers."""

from collections.abc import Collection
from dataclasses import dataclass

from delivery.asking import Asking, asker_of
from delivery.content import Content
from delivery.in_force import version_of
from delivery.programme import Programme
from delivery.schedule import Enrolment, Occasion, OccasionState, Request
from flow.noting import note_answer
from flow.topics import with_topics
from flow.work_worse import worsening_of
from kernel.ids import SuggestionId, new_id
from questionnaires.model import Text
from scoring.awaiting import awaiting_alert, awaiting_needs
from scoring.decision import CLINICIANS_PART
from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.history import History
from scoring.levels import Colour, Urgency
from scoring.needs import NeedsAssessment
from scoring.result import RuleVersion
from scoring.suggestion import Alert, FiledSuggestion
from scoring.table import Table
from scoring.timeline import Moment, inputs_for, needs_inputs
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Suggest:
    """A part of the use cases that file answers; it runs inside their transaction."""

    content: Content

    def __call__(self, tx: Tx, enrolment: Enrolment, occasion: Occasion, asked: Collection[Request]) -> FiledSuggestion:
        """Walk the package's two tables over all that is known now, and file both results, apart.

        Args:
            occasion: as it stands after the answer was filed.
            asked: all requests of the occasion.
        """
        history = with_topics(tx, self.content, tx.history.of(enrolment))
        asker, moment = self.moment(tx, enrolment, occasion, history)
        programme = asker.programme
        suggestion = FiledSuggestion(
            id=SuggestionId(new_id()),
            enrolment_id=enrolment.id,
            occasion_id=occasion.id,
            n=0,
            made_at=tx.now,
            complete=occasion.state is not OccasionState.OPEN,
            alert=self.alert(self.content.catalogue.table(programme.alert), moment, history, asked),
            needs=self._needs(programme, moment, history),
            made_with=self._made_with(programme),
        )
        filed = tx.suggestions.append(suggestion)
        if filed.alert.colour is Colour.RED:
            tx.reds.open(filed)
        worse = worsening_of(self.content, enrolment, history, occasion.id)
        note_answer(tx, self.content, enrolment, filed, worse=worse)
        return filed

    def moment(self, tx: Tx, enrolment: Enrolment, occasion: Occasion, history: History) -> tuple[Asking, Moment]:
        """Tell who asked in an occasion, the enrolment's programme or its variant, and the moment of the tables."""
        joined = [one for one in tx.schedule.with_kinds(occasion.id) if one[0].enrolment_id == enrolment.id]
        asker = asker_of(self.content, enrolment, next((slot.asked_by for slot, _ in joined if slot.asked_by), None))
        phase = _phase(asker.programme, {kind for _, kind in joined})
        given = tx.decisions.clinicians_part(enrolment.id) if history.decisions else None
        moment = Moment(
            tx.now,
            phase,
            occasion.id,
            slots=asker.slots,
            clinician_colour=given.dimensions[CLINICIANS_PART] if given else None,
            clinician_at=given.decided_at if given else None,
        )
        return asker, moment

    def alert(self, table: Table, moment: Moment, history: History, asked: Collection[Request]) -> Alert:
        """Walk an alert table, where the occasion asked what it reads and it may be used."""
        inputs = inputs_for(table, moment, history)
        if not self._asks_for_danger(table, asked):
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
        if self.content.awaits_approval(table.version):
            return awaiting_alert(table, moment.phase, inputs, self.content.released.approval.waiting)
        return evaluate(table, moment.phase, inputs)

    def _needs(self, programme: Programme, moment: Moment, history: History) -> NeedsAssessment | None:
        if programme.needs is None:
            return None
        table = self.content.catalogue.needs()
        inputs = needs_inputs(table, programme.needs, moment, history)
        if self.content.awaits_approval(table.version):
            return awaiting_needs(table, programme.needs, inputs, self.content.released.approval.waiting)
        return assess(table, programme.needs, inputs)

    def _made_with(self, programme: Programme) -> tuple[RuleVersion, ...]:
        derived = (self.content.catalogue.derived(one).version for one in programme.derived)
        return (version_of(programme), *derived)

    def _asks_for_danger(self, table: Table, asked: Collection[Request]) -> bool:
        """Tell whether the occasion holds the safety screen that the table reads."""
        read = {one.source.questionnaire for one in table.inputs.values()}
        known = (self.content.questionnaires.get(request.questionnaire) for request in asked)
        return any(one.safety_screen and one.id in read for one in known)


def _phase(programme: Programme, kinds: Collection[str]) -> str:
    """Tell the phase of the occasion: of the first of the programme's kinds that joined in it."""
    return next(kind.phase for kind in programme.occasions if kind.id in kinds)
