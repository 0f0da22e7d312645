"""Where the gate and `fhir.resources` disagree about a response, the reason has a name."""

from collections import Counter

import pytest

from tests.proof.extent import extent
from tests.proof.gate_form import SENDABLE
from tests.proof.gate_judge import Piece
from tests.proof.gate_mutant import FAMILIES
from tests.proof.gate_peer import UNEXPLAINED, Compared, compare

TITLE = "The gate beside fhir.resources 8 (R4B), by form"
REASONS_TITLE = "Why fhir.resources accepts what the gate refuses"
COUNT = extent(50, 4_000)
CHUNK = 500


@pytest.fixture(scope="module")
def reasons(ledger):
    counted: Counter[str] = Counter()
    yield counted
    for reason, times in counted.most_common():
        ledger.add(REASONS_TITLE, reason=reason, mutants=times)


@pytest.mark.parametrize("name", SENDABLE)
def test_every_disagreement_has_a_named_reason(name, crew, ledger, reasons):
    compared = Compared()
    work = [
        Piece(name, family, seed, min(CHUNK, COUNT))
        for family in (*FAMILIES, "harmless")
        for seed in range(-(-COUNT // CHUNK))
    ]
    for part in crew.share(compare, work):
        compared.add(part)
    reasons.update(compared.reasons)

    ledger.add(
        TITLE,
        form=name,
        both_accept=compared.seen["accepted, it accepts"],
        both_refuse=compared.seen["refused, it refuses"],
        only_gate_refuses=compared.seen["refused, it accepts"],
        it_crashes=compared.seen["refused, it crashes"],
        only_it_refuses=compared.seen["accepted, it refuses"] + compared.seen["accepted, it crashes"],
        unexplained=compared.reasons[UNEXPLAINED],
    )
    assert not compared.examples, "\n".join(compared.examples)
    assert compared.seen.total() == COUNT * (len(FAMILIES) + 1)
