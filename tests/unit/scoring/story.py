"""A patient's answers and decisions, told in days before now."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from kernel.ids import Canonical, OccasionId, ResponseId
from scoring.history import History, PastDecision, PastResponse
from scoring.result import Score
from scoring.timeline import Moment, inputs_for
from tests.unit.scoring.content import CATALOGUE

KOL = CATALOGUE.table("alert/kol")
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

    def decided(self, days_ago, *responses, valid_days=365):
        at = NOW - timedelta(days=days_ago)
        self.decisions.append(PastDecision(at, at + timedelta(days=valid_days), frozenset(responses)))

    def inputs(self):
        history = History(tuple(self.responses), tuple(self.decisions))
        return inputs_for(KOL, Moment(NOW, "followup", OccasionId(HERE)), history)

    def value(self, name):
        return self.inputs()[name].value
