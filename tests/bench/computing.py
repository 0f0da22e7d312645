"""Row 3: what a response costs from bytes to suggestion, beside what one library takes to validate the same bytes."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

import questionnaires
from delivery.content import Content
from kernel.ids import OccasionId, ResponseId, new_id
from questionnaires.gate import check_resource, check_response
from questionnaires.plan import ResponsePlan, plan_of
from questionnaires.reading import read_questionnaire
from questionnaires.strict_json import parse_object
from scoring.evaluate import evaluate
from scoring.history import History, PastDecision, PastResponse
from scoring.result import Scored
from scoring.rule import ScoringRule
from scoring.scores import score
from scoring.suggestion import Alert, UsedInput
from scoring.timeline import Moment, inputs_for
from tests.bench.extent import Extent
from tests.bench.figures import Figure, Series, at_most, interleaved
from tests.bench.patients import body_of
from tests.contract.doors import CANONICAL, kol_status, mmrc

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
SIZES = (8, 24, 100)
FIRST, SMALL, LARGE = SIZES
ALERT = "alert/kol"
REPEATS = 400
GATE_SHARE = 1 / 10
STRETCH_SHARE = 1 / 15
GATE_LINEAR = 1.25
"""An item of 100 costs at most this much more than an item of 24: twice would be a square, this is noise."""


@dataclass(frozen=True, slots=True)
class Intake:
    """All that happens to the bytes of a CAT response before a transaction begins, and the walk of the table in it."""

    content: Content
    history: History
    moment: Moment

    def __call__(self, raw: bytes) -> Alert:
        """Decode, validate, score and suggest."""
        checked = check_response(raw, self.content.questionnaires)
        canonical = checked.questionnaire
        score(self.content.catalogue.rule_for(canonical), self.content.questionnaires.get(canonical), checked)
        table = self.content.catalogue.table(ALERT)
        return evaluate(table, self.moment.phase, inputs_for(table, self.moment, self.history))


def measured(content: Content, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row."""
    raw = body_of(new_id())
    intake = Intake(content, given_history(content), Moment(NOW, "followup", OccasionId("now")))
    parts = _parts(intake, raw)
    ways: dict[str, Callable[[], Any]] = {
        "ours": lambda: intake(raw),
        "fhir.resources": lambda: QuestionnaireResponse.model_validate_json(raw),
        **parts,
    }
    series = interleaved({name: _timed(way) for name, way in ways.items()}, extent.rounds)
    share = series.ratio("ours", "fhir.resources")
    figures = [
        at_most(3, "decode + validate + score + suggest, CAT (8 items) / fhir.resources", share, GATE_SHARE),
        Figure(3, "  the stretch", f"1/{1 / share:.1f}", f"1/{1 / STRETCH_SHARE:.0f}"),
    ]
    figures += [Figure(3, f"  {name}", f"{series.median(name):.1f} us") for name in ways]
    return (*figures, *_linear(content, extent))


def _timed(way: Callable[[], Any], repeats: int = REPEATS) -> Callable[[], float]:
    """Make a measurement of one way: CPU microseconds each."""

    def measure() -> float:
        begin = time.process_time_ns()
        for _ in range(repeats):
            way()
        return (time.process_time_ns() - begin) / repeats / 1000

    return measure


def _parts(intake: Intake, raw: bytes) -> dict[str, Callable[[], Any]]:
    registry, catalogue = intake.content.questionnaires, intake.content.catalogue
    checked = check_response(raw, registry)
    rule, questionnaire = catalogue.rule_for(checked.questionnaire), registry.get(checked.questionnaire)
    table = catalogue.table(ALERT)
    inputs = inputs_for(table, intake.moment, intake.history)
    return {
        "decode": lambda: parse_object(raw),
        "decode + validate": lambda: check_response(raw, registry),
        "score": lambda: score(rule, questionnaire, checked),
        "inputs_for": lambda: inputs_for(table, intake.moment, intake.history),
        "evaluate": lambda: evaluate(table, "followup", inputs),
        "without finding the inputs": lambda: _without_history(intake.content, raw, inputs),
    }


def _without_history(content: Content, raw: bytes, inputs: Mapping[str, UsedInput]) -> Alert:
    """Do all but look back, as `svarbro score` and then `svarbro suggest` do: context, the gate is the whole."""
    checked = check_response(raw, content.questionnaires)
    canonical = checked.questionnaire
    score(content.catalogue.rule_for(canonical), content.questionnaires.get(canonical), checked)
    return evaluate(content.catalogue.table(ALERT), "followup", inputs)


def given_history(content: Content) -> History:
    """Make a patient who answered half a year ago, was decided on, and answers again now."""
    before, now = NOW - timedelta(days=182), NOW - timedelta(minutes=5)
    earlier = tuple(_past(content, body, before, "before") for body in _bodies())
    current = tuple(_past(content, body, now, "now") for body in _bodies())
    decision = PastDecision(before + timedelta(days=1), NOW + timedelta(days=180), frozenset(one.id for one in earlier))
    return History((*earlier, *current), (decision,))


def _bodies() -> tuple[bytes, ...]:
    others = (json.dumps(make(new_id())).encode() for make in (kol_status, mmrc))
    return (*others, body_of(new_id()))


def _past(content: Content, raw: bytes, at: datetime, occasion: str) -> PastResponse:
    checked = check_response(raw, content.questionnaires)
    canonical = checked.questionnaire
    scored = score(content.catalogue.rule_for(canonical), content.questionnaires.get(canonical), checked)
    short = canonical.rpartition("/")[2].partition("|")[0]
    scores = MappingProxyType({one.id: one for one in scored.scores})
    return PastResponse(ResponseId(new_id()), canonical, short, OccasionId(occasion), at, scores)


def _linear(content: Content, extent: Extent) -> tuple[Figure, ...]:
    series = interleaved({str(size): _timed(_sized(content, size), REPEATS // 2) for size in SIZES}, extent.rounds)
    growth = _per_item(series, SMALL, LARGE) / _per_item(series, FIRST, SMALL)
    shown = ", ".join(f"{size}: {series.median(str(size)):.1f} us" for size in SIZES)
    return (
        at_most(3, f"one item more at {LARGE} items / at {SMALL} (decode + validate + score)", growth, GATE_LINEAR),
        Figure(3, "  items", shown),
    )


def _per_item(series: Series, fewer: int, more: int) -> float:
    return (series.median(str(more)) - series.median(str(fewer))) / (more - fewer)


def _sized(content: Content, size: int) -> Callable[[], Scored]:
    """Make a questionnaire like CAT with so many items, its rule, and a response; return what handles the response."""
    link_ids = [f"item-{n}" for n in range(size)]
    plan, rule = _plan(link_ids), _rule(content, link_ids)
    raw = _response(link_ids)

    def handle() -> Scored:
        checked = check_resource(parse_object(raw), plan)
        return score(rule, plan.questionnaire, checked)

    return handle


CODES = "https://svarbro.example/fhir/CodeSystem/cat"
DEFINITION = Path(questionnaires.__file__).parent / "definitions" / "cat-2.0.0.json"


def _plan(link_ids: list[str]) -> ResponsePlan:
    resource = json.loads(DEFINITION.read_bytes())
    first = next(item for item in resource["item"] if item["type"] == "choice")
    resource["item"] = [{**first, "linkId": one} for one in link_ids]
    return plan_of(read_questionnaire(json.dumps(resource).encode(), "sized"))


def _rule(content: Content, link_ids: list[str]) -> ScoringRule:
    """Take CAT's rule with other items."""
    rule = content.catalogue.rule_for(CANONICAL.format("cat"))
    made = {}
    for name, one in rule.scores.items():
        items = tuple(replace(one.items[0], link_id=link_id) for link_id in link_ids)
        made[name] = replace(one, items=items, bands=())
    return replace(rule, scores=MappingProxyType(made))


def _response(link_ids: list[str]) -> bytes:
    answer = [{"valueCoding": {"system": CODES, "code": "3", "display": "Grad 3"}}]
    return json.dumps(
        {
            "resourceType": "QuestionnaireResponse",
            "questionnaire": CANONICAL.format("cat"),
            "status": "completed",
            "authored": NOW.isoformat(),
            "item": [{"linkId": one, "answer": answer} for one in link_ids],
        }
    ).encode()
