"""Our engine, fhirpath.js and LForms give the same scores, bands and categories for every instrument."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from questionnaires.gate import check_resource
from scoring.export import left_out, score_link_id, with_calculated_expressions
from scoring.result import Score
from scoring.scores import score
from tests.oracle.known import INSTRUMENTS
from tests.oracle.reading import Answers, Instrument, Params
from tests.proof.crew import HANDS
from tests.proof.engine import CATALOGUE, REGISTRY
from tests.proof.extent import extent
from tests.proof.scores import settings
from tests.verify.node import evaluate, need_node
from tests.verify.responses import response, vectors

TITLE = "Our engine, fhirpath.js and LForms"
NEAR = 1e-9
RANDOM = extent(60, 1_000)
INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Job:
    """One rule under one choice of parameters."""

    canonical: str
    params: Params
    drawn: int
    seed: int

    @property
    def instrument(self) -> Instrument:
        return INSTRUMENTS[REGISTRY.get(self.canonical).id]

    def vectors(self) -> tuple[list[Any], int]:
        return vectors(self.instrument, self.params, self.drawn, self.seed)

    def responses(self) -> list[dict[str, Any]]:
        known = REGISTRY.get(self.canonical)
        return [
            response(known, self.instrument, given, declined=place % 2 == 1)
            for place, given in enumerate(self.vectors()[0])
        ]

    def result(self) -> dict[str, Any]:
        known, rule = REGISTRY.get(self.canonical), CATALOGUE.rule_for(self.canonical)
        exported = json.loads(with_calculated_expressions(known.source, rule, params=self.params))
        responses, (_, at_edges) = self.responses(), self.vectors()
        weights = [one for one, _ in weighed(self.canonical)]
        return evaluate(exported, responses, weights, lforms=at_edges + extent(30, self.drawn))


def weighed(canonical: str) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Give responses that together choose every graded option, with the points that each answer has by the form."""
    known = REGISTRY.get(canonical)
    graded = [item for item in known.by_link_id.values() if any(one.points is not None for one in item.options)]
    form = Instrument(known.id, tuple(one for one in INSTRUMENTS[known.id].items), lambda given, params: {})
    for place in range(max((len(item.options) for item in graded), default=0)):
        given: Answers = {
            item.link_id: int(option.code)
            for item in graded
            for option in [[one for one in item.options if one.points is not None][place % len(item.options) - 1]]
        }
        made = response(known, form, given, declined=False)
        yield made, [int(given[item["linkId"]]) for item in made["item"]]


def jobs(canonical: str) -> list[Job]:
    """Try the defaults with all random answers, and every other choice of parameters with some."""
    every = settings(INSTRUMENTS[REGISTRY.get(canonical).id])
    some = [Job(canonical, params, extent(5, 100), place) for place, params in enumerate(every[1:], 1)]
    return [Job(canonical, every[0], RANDOM, 0), *some]


RULES = sorted(str(rule.questionnaire) for rule in CATALOGUE.rules())


Results = dict[str, list[tuple[Job, Future[dict[str, Any]]]]]


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[Results]:
    """Start the jobs of every chosen test; two run at a time."""
    need_node()
    chosen = {item.callspec.params["canonical"] for item in request.session.items if hasattr(item, "callspec")}
    with ThreadPoolExecutor(HANDS) as pool:
        yield {canonical: [(job, pool.submit(job.result)) for job in jobs(canonical)] for canonical in sorted(chosen)}


@pytest.mark.parametrize("canonical", RULES, ids=lambda canonical: canonical.rpartition("/")[2])
def test_three_engines_give_the_same_scores(canonical, results, ledger):
    wrong: list[str] = []
    edge_count = drawn = by_lforms = 0
    seconds = {"fhirpath": 0.0, "lforms": 0.0}
    for job, future in results[canonical]:
        found = future.result()
        answers, at_edges = job.vectors()
        edge_count, drawn = edge_count + at_edges, drawn + len(answers) - at_edges
        by_lforms += len(found["lforms"]) - at_edges
        for place, resource in enumerate(job.responses()):
            expected = ours(canonical, resource, job.params)
            for name in [one for one in seconds if place < len(found[one])]:
                theirs = found[name][place]
                wrong += [
                    f"{name} {dict(job.params)} {answers[place]}: {link_id} is {theirs.get(link_id)!r}, ours {value!r}"
                    for link_id, value in expected.items()
                    if not same(theirs.get(link_id), value)
                ]
        seconds = {name: spent + found["seconds"][name] for name, spent in seconds.items()}
    rule, known = CATALOGUE.rule_for(canonical), REGISTRY.get(canonical)
    ledger.add(
        TITLE,
        instrument=canonical.rpartition("/")[2],
        edges=edge_count,
        random=drawn,
        by_lforms=by_lforms,
        differences=len(wrong),
        **{f"{name} s": round(spent, 1) for name, spent in seconds.items()},
        not_exported=", ".join(left_out(known.source, rule)) or "-",
    )
    assert not wrong, "\n".join(wrong[:5])
    assert drawn >= RANDOM
    assert by_lforms >= extent(30, RANDOM)


@pytest.mark.parametrize("canonical", RULES, ids=lambda canonical: canonical.rpartition("/")[2])
def test_the_weights_of_the_form_are_found_by_fhirpath(canonical, results):
    _, future = results[canonical][0]

    assert future.result()["weights"] == [points for _, points in weighed(canonical)]


def ours(canonical: str, resource: dict[str, Any], params: Params) -> dict[str, float | str | None]:
    """Read a response as the service does, and write our scores as the export does."""
    known, rule = REGISTRY.get(canonical), CATALOGUE.rule_for(canonical)
    checked = check_resource(resource, REGISTRY.plan(canonical))
    told: dict[str, float | str | None] = {}
    for one in score(rule, known, checked, params=params).scores:
        if rule.scores[one.id].use != INTERNAL and one.id not in left_out(known.source, rule):
            told.update(_written(one, has_bands=bool(rule.scores[one.id].bands)))
    return told


def _written(one: Score, *, has_bands: bool) -> dict[str, float | str | None]:
    if one.value is None and not has_bands:
        return {score_link_id(one.id): one.band}
    number = None if one.value is None else float(one.value)
    return {score_link_id(one.id): number, **({score_link_id(one.id, band=True): one.band} if has_bands else {})}


def same(theirs: float | str | None, value: float | str | None) -> bool:
    """Compare codes as they are, and numbers as near as a double can tell."""
    if isinstance(theirs, int | float) and isinstance(value, int | float):
        return abs(theirs - value) <= NEAR * max(1, abs(value))
    return theirs == value


def test_a_difference_is_seen():
    assert same(22.857142857142858, 160 / 7)
    assert same(None, None)
    assert not same(22.8571, 160 / 7)
    assert not same(0, None)
    assert not same(None, 0.0)
    assert not same("low", "medium")
