"""Every mutant of a valid response is refused and named by its element; every harmless change is accepted."""

import pytest

from tests.proof.extent import extent
from tests.proof.gate_form import SENDABLE
from tests.proof.gate_judge import Found, Piece, judge
from tests.proof.gate_mutant import FAMILIES

TITLE = "Mutants at the gate"
COUNT = extent(200, 4_000)
CHUNK = 1_000
WRONG = ("wrongly accepted", "wrongly refused", "other answers", "crashes", "not named")


def pieces(name):
    for family in (*FAMILIES, "harmless"):
        yield from (Piece(name, family, seed, min(CHUNK, COUNT)) for seed in range(-(-COUNT // CHUNK)))


@pytest.mark.parametrize("name", SENDABLE)
def test_the_gate_tells_valid_from_invalid(name, crew, ledger):
    found, by_family = Found(), dict.fromkeys((*FAMILIES, "harmless"), 0)
    work = list(pieces(name))
    for piece, part in zip(work, crew.share(judge, work), strict=True):
        by_family[piece.family] += part.seen["mutants"]
        found.add(part)

    wrong = {kind.replace(" ", "_"): found.seen[kind] for kind in WRONG}
    distinct, seconds = len(found.distinct), round(found.seconds, 1)
    ledger.add(
        TITLE,
        form=name,
        **by_family,
        distinct=distinct,
        **wrong,
        consequences=found.seen["consequences"],
        seconds=seconds,
    )
    assert not any(wrong.values()), "\n".join(found.examples)
    assert set(by_family.values()) == {COUNT}
