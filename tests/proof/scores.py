"""Pieces of work of the score proof: which vectors of which instrument, compared in one process."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from random import Random
from time import process_time

from tests.oracle.known import INSTRUMENTS
from tests.oracle.reading import Answers, Given, Instrument, Params
from tests.oracle.vectors import anything, every, multisets, one_missing, walk
from tests.proof.engine import Engine, difference

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the vectors of one rule.

    Args:
        canonical: of the questionnaire.
        instrument: short name.
        kind: `complete`, `gapped`, `multisets`, `single gaps`, `walks` or `random`.
        prefix: of an exhaustive kind, answers to the first items.
        count: of the others, how many vectors, walks or fills of each gap.
        seed: of the others.
    """

    canonical: str
    instrument: str
    kind: str
    prefix: Mapping[str, Given] | None = None
    count: int = 0
    seed: int = 0


@dataclass(slots=True)
class Found:
    """What came out of pieces of work."""

    vectors: Counter[str] = field(default_factory=Counter)
    differences: int = 0
    examples: list[str] = field(default_factory=list)
    codes: dict[str, set[str]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, other: "Found") -> None:
        self.vectors += other.vectors
        self.differences += other.differences
        self.examples = (self.examples + other.examples)[:SHOWN]
        for score_id, codes in other.codes.items():
            self.codes.setdefault(score_id, set()).update(codes)
        self.seconds += other.seconds


@cache
def engine(canonical: str) -> Engine:
    """Load a rule once for each process."""
    return Engine(canonical)


def settings(instrument: Instrument) -> list[Params]:
    """List every combination of parameters, the defaults first."""
    return [dict(zip(instrument.params, values, strict=True)) for values in product(*instrument.params.values())]


def compare(piece: Piece) -> Found:
    """Score every vector of a piece twice and count what is not equal."""
    found, begin = Found(), process_time()
    ours, theirs = engine(piece.canonical), INSTRUMENTS[piece.instrument]
    for given, params in _cases(piece, theirs):
        found.vectors[piece.kind] += 1
        wrong = _wrong(ours, theirs, given, params, found.codes)
        if wrong:
            found.differences += 1
            found.examples = [*found.examples, f"{dict(given)} {dict(params)}: {wrong}"][:SHOWN]
    found.seconds = process_time() - begin
    return found


def _wrong(ours: Engine, theirs: Instrument, given: Answers, params: Params, codes: dict[str, set[str]]) -> str:
    scores, told = ours.score(given, params), theirs.score(given, params)
    if scores.keys() != told.keys():
        return f"the scores {sorted(scores)} are not {sorted(told)}"
    in_bulk = ours.scores_in_bulk(given) if params == theirs.defaults() else None
    wrong = ["scoring in bulk gives another result"] if in_bulk not in (None, scores) else []
    for score_id, one in scores.items():
        if one.band is not None:
            codes.setdefault(score_id, set()).add(one.band)
        if different := difference(one, told[score_id]):
            wrong.append(f"{score_id}: {different}")
    return "; ".join(wrong)


def _cases(piece: Piece, instrument: Instrument) -> Iterator[tuple[Answers, Params]]:
    random, params = Random(f"{piece.instrument} {piece.kind} {piece.seed}"), settings(instrument)
    if piece.kind == "complete":
        yield from ((given, params[0]) for given in every(instrument, gaps=False, prefix=piece.prefix))
    elif piece.kind == "gapped":
        yield from product(every(instrument, gaps=True, prefix=piece.prefix), params)
    elif piece.kind == "multisets":
        yield from product(multisets(instrument, random), params)
    elif piece.kind == "random":
        yield from ((anything(instrument, random), random.choice(params)) for _ in range(piece.count))
    elif piece.kind == "walks":
        for missing, _ in product(range(len(instrument.items)), range(piece.count)):
            yield from product(walk(instrument, random, missing), params)
    else:
        for item, _ in product(instrument.items, range(piece.count)):
            yield from product([one_missing(instrument, random, item)], params)
