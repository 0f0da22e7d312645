"""A patient's answers and decisions, told in days before now."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from kernel.ids import Canonical, OccasionId, ResponseId
from scoring.evaluate import evaluate
from scoring.evaluate_needs import assess
from scoring.history import History, PastDecision, PastResponse
from scoring.result import Score
from scoring.scores import half_up
from scoring.timeline import Moment, inputs_for, needs_inputs
from tests.unit.scoring.content import CATALOGUE

KOL = CATALOGUE.table("alert/kol")
LRS = CATALOGUE.table("alert/lrs")
NEEDS = CATALOGUE.needs()
NOW = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
HERE = "occasion-now"


def number(score_id, value, *, estimated=False):
    exact = None if value is None else Fraction(value)
    band = None if exact is None else "band"
    return Score(score_id, exact, None, band, estimated=estimated, answered=8, missing=0)


def code(score_id, value):
    return Score(score_id, None, None, value, estimated=False, answered=1, missing=0)


@dataclass
class Story:
    """Answers and decisions, told in days before now."""

    responses: list[PastResponse] = field(default_factory=list)
    decisions: list[PastDecision] = field(default_factory=list)

    def answered(self, questionnaire_id, days_ago, *scores, occasion=None):
        place = len(self.responses)
        self.responses.append(
            PastResponse(
                id=ResponseId(f"r{place}"),
                questionnaire=Canonical(f"https://svarbro.example/fhir/Questionnaire/{questionnaire_id}|2.0.0"),
                questionnaire_id=questionnaire_id,
                occasion_id=OccasionId(occasion or (HERE if days_ago == 0 else f"occasion-{days_ago}")),
                answered_at=NOW - timedelta(days=days_ago),
                scores={score.id: score for score in scores},
            )
        )
        return self.responses[-1].id

    def cat(self, days_ago, value, **more):
        occasion = more.pop("occasion", None)
        return self.answered("cat", days_ago, number("catTotal", value, **more), occasion=occasion)

    def mrc(self, days_ago, value):
        return self.answered("mmrc", days_ago, number("mrc", value))

    def kol(self, days_ago, *, discharge=None, adm12=None, danger="no"):
        scores = code("discharge30d", discharge), number("adm12", adm12), code("danger", danger)
        return self.answered("kol-status", days_ago, *scores)

    def pain(self, days_ago, value, **more):
        return self.answered("nrs-pain", days_ago, number("score", value), **more)

    def flags(self, days_ago, *, new_episode="no", weak=0, cauda="no", strong="no"):
        codes = code("cauda", cauda), code("redStrong", strong), code("newEpisode", new_episode)
        return self.answered("lrs-flags", days_ago, *codes, number("redWeak", weak))

    def function(self, days_ago, value, limitation="some", questionnaire="rmdq23", score="score", **more):
        shown = replace(number(score, value), display=None if value is None else half_up(Fraction(value), 0))
        response = self.answered(questionnaire, days_ago, shown, code("limitation", limitation))
        self.responses[-1] = replace(self.responses[-1], **more)
        return response

    def decided(self, days_ago, *responses, valid_days=365, new_episode=False):
        at = NOW - timedelta(days=days_ago)
        valid_until = at + timedelta(days=valid_days)
        self.decisions.append(PastDecision(at, valid_until, frozenset(responses), new_episode))

    def history(self):
        return History(tuple(self.responses), tuple(self.decisions))

    def inputs(self, table=KOL, **moment):
        # Compiled anew, so that each test sees a change of what is settled when a table is loaded.
        return inputs_for(replace(table), Moment(NOW, "followup", OccasionId(HERE), **moment), self.history())

    def alert(self, table=KOL, **moment):
        return evaluate(replace(table), "followup", self.inputs(table, **moment))

    def needs(self, part, **moment):
        inputs = needs_inputs(replace(NEEDS), part, Moment(NOW, "followup", OccasionId(HERE), **moment), self.history())
        return assess(NEEDS, part, inputs)

    def value(self, name):
        return self.inputs()[name].value
