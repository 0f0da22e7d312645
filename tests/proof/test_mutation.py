"""At least 95 of 100 small changes of scoring and of the gate are noticed by their tests; in full runs only."""

import os
from collections import Counter

import pytest

from tests.proof.extent import FULL
from tests.proof.mutation import SURVIVED, copy_project, count, function_of, mutate, verdicts

TITLE = "Mutants of the code"
SURVIVORS = "Mutants that no test noticed, by function (docs/verification.md says why)"
LEAST_KILLED = 0.95
PATTERNS = tuple(os.environ.get("SVARBRO_MUTATE", "").split())
"""Which mutants, for a shorter run: `SVARBRO_MUTATE="scoring.missing* questionnaires.walk*"`."""


@pytest.mark.skipif(not FULL, reason="hundreds of test runs: make proof-full")
@pytest.mark.parametrize("room", ["questionnaires", "scoring"])
def test_the_tests_notice_what_changes(room, tmp_path, ledger):
    chosen = tuple(one for one in PATTERNS if one.startswith(room))
    if PATTERNS and not chosen:
        pytest.skip("no mutants of this room were asked for")
    copy_project(tmp_path)
    mutate(tmp_path, chosen or (f"{room}.*",))

    total: Counter[str] = Counter()
    for module, codes in verdicts(tmp_path):
        found = count(codes)
        total += found
        ledger.add(
            TITLE, module=module, mutants=len(codes), killed=found["killed"], timed_out=found["timed out"],
            survived=found["survived"], share=100 * (1 - found["survived"] / len(codes)),
        )  # fmt: skip
        unseen = Counter(function_of(name) for name, code in codes.items() if code in SURVIVED)
        for function, times in unseen.items():
            ledger.add(SURVIVORS, module=module, function=function, mutants=times)
    assert total
    assert 1 - total["survived"] / total.total() >= LEAST_KILLED
