"""Every behaviour of a receiver is sorted alike by every plan target, and the next attempt has one effect."""

from collections.abc import Callable, Mapping

import pytest

from delivery.plans.flp import FlpPlan
from delivery.plans.lps_inbox import LpsInbox
from delivery.plans.lps_note import LpsNote
from delivery.plans.port import PlanTarget
from delivery.simulator.behaviours import Behaviour
from kernel.errors import PlanError
from tests.contract.delivery.test_channel_contract import SEEN_BY_SENDER
from tests.released import RELEASED

TARGETS: Mapping[str, Callable[[str], PlanTarget]] = {
    "flp": lambda url: FlpPlan(url, "flp-token", timeout_s=1),
    "lps-note": lambda url: LpsNote(url, "lps-token", note=RELEASED.note, timeout_s=1),
    "lps-inbox": lambda url: LpsInbox(url, "lps-token", timeout_s=1),
}
CASES = [
    pytest.param(name, behaviour, id=f"{name}-{behaviour}")
    for name in TARGETS
    for behaviour in Behaviour
    # The plan service meets a conflict with 412, and the plan is read anew: tests/contract/delivery/test_flp.py.
    if not behaviour.is_of_receipts and (name, behaviour) != ("flp", Behaviour.CONFLICT)
]


@pytest.mark.parametrize(("name", "behaviour"), CASES)
def test_every_behaviour_is_sorted_alike_by_every_plan_target(simulator, a_report, a_decision, name, behaviour):
    target = TARGETS[name](simulator.url)
    report = a_report(decision=a_decision(), link="https://svarbro.example/clinic/enrolments/1")
    seconds = {"429": 5, "429-date": 5, "drip": 0.3, "drip-headers": 0.1}.get(behaviour, 2)
    simulator.fail(name, behaviour, seconds=seconds)

    with pytest.raises(PlanError) as caught:
        target.report(report)

    error = caught.value
    assert (error.permanent, error.maybe_accepted) == SEEN_BY_SENDER[behaviour]
    assert error.retry_after_s in ((4, 5) if behaviour.startswith("429") else (None,))
    if not error.permanent:
        assert target.report(report).reference
        assert simulator.get("/api/received")[name]["keys"][report.key]["accepted"] == 1
