"""Row 5: scores anew from stored answer vectors, beside fhirpath.js on the responses themselves."""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from subprocess import PIPE, run
from tempfile import NamedTemporaryFile
from typing import Any

from delivery.content import Content
from kernel.ids import new_id
from scoring.vector_scores import VectorScorer
from store.engine import read_json
from tests.bench.extent import Extent
from tests.bench.figures import Figure, at_least, interleaved
from tests.contract.doors import CANONICAL, cat

MODULES = Path(__file__).parents[1] / "verify" / "node_modules"
SCRIPT = Path(__file__).with_name("fhirpath_score.cjs")
EXPRESSION = "item.answer.value.code.select($this.toInteger()).sum()"
"""The total of CAT, whose codes are their points; a walk of the tree and no look at the Questionnaire."""
STORED = 4_000
GATE = 20
MISSING = "fhirpath.js is not here: run `npm ci` in tests/verify (see docs/verification.md), then measure again"


@dataclass(frozen=True, slots=True)
class Stored:
    """The same answers as each side reads them: FHIR JSON, and the column of the coded answers."""

    responses: tuple[str, ...]
    vectors: tuple[str, ...]
    totals: tuple[int, ...]


def measured(content: Content, extent: Extent) -> tuple[Figure, ...]:
    """Measure the row; without node and fhirpath.js its gate is not met, because nothing is proven."""
    stored = _stored()
    ours = partial(_ours, rescorer(content), stored)
    if shutil.which("node") is None or not (MODULES / "fhirpath").is_dir():
        return (
            Figure(5, "re-score from vectors / fhirpath.js, per core", MISSING, f">= {GATE} x", met=False),
            Figure(5, "  ours", f"{ours():.2f} us each"),
        )
    with NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        file.write("\n".join(stored.responses))
        file.flush()
        series = interleaved({"ours": ours, "fhirpath.js": partial(_fhirpath, file.name, stored)}, extent.rounds)
    return (
        at_least(5, "re-score from vectors / fhirpath.js, per core", series.ratio("fhirpath.js", "ours"), GATE),
        Figure(5, "  ours, column to scores", f"{series.median('ours'):.2f} us each"),
        Figure(5, "  fhirpath.js, JSON.parse and r4 model", f"{series.median('fhirpath.js'):.1f} us each"),
    )


Rescorer = Callable[[str], Any]


def rescorer(content: Content) -> Rescorer:
    """Make what scores one stored column: the way of `svarbro rescore`, with the store's own reader."""
    canonical = CANONICAL.format("cat")
    scorer = VectorScorer.of(content.catalogue.rule_for(canonical), content.questionnaires.plan(canonical))
    return lambda column: scorer(read_json(column))


def _stored() -> Stored:
    """Make responses with all kinds of answers, always the same ones."""
    random = Random(5)
    points = [[random.randrange(6) for _ in range(8)] for _ in range(STORED)]
    return Stored(
        tuple(json.dumps(_response(one)) for one in points),
        tuple(json.dumps({f"cat-{n}": value for n, value in enumerate(one, 1)}) for one in points),
        tuple(sum(one) for one in points),
    )


def _response(points: Sequence[int]) -> dict[str, Any]:
    response = cat(new_id())
    for item, value in zip(response["item"], points, strict=True):
        item["answer"][0]["valueCoding"]["code"] = str(value)
    return response


def _ours(rescore: Rescorer, stored: Stored) -> float:
    begin = time.process_time_ns()
    scored = [rescore(vector) for vector in stored.vectors]
    used = time.process_time_ns() - begin
    assert tuple(int(scores[0].value) for scores in scored) == stored.totals
    return used / len(stored.vectors) / 1000


def _fhirpath(file: str, stored: Stored) -> float:
    done = run(["node", str(SCRIPT), str(MODULES.parent), file, EXPRESSION], stdout=PIPE, check=True, timeout=300)
    told = json.loads(done.stdout)
    assert tuple(told["totals"]) == stored.totals
    us: float = told["us"]
    return us
