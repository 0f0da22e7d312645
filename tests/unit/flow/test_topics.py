"""PSFS compares the same activities only: the names are read out of the sealed answers."""

import pytest

from flow.enrol import EnrolmentOrder
from tests.builders import CLINIC_ID, an_actor, an_opt_in
from tests.way import NANCY


@pytest.fixture
def back(way):
    with way.store.write(CLINIC_ID, an_actor()) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs-free", plan_target="lps-note"))
    enrolled = way.enrol(way.system, EnrolmentOrder(*NANCY, package="LRS"))
    way.open_due()
    return enrolled


def answer(way, enrolled, activity, rating):
    names = ("gå", "løfte", "sove", "sidde", "cykle")
    given = {f"psfs_{n}_activity": f"{activity} {name}" for n, name in enumerate(names, start=1)}
    given |= {f"psfs_{n}_rating": rating for n in range(1, 6)}
    for name, request in way.asked(enrolled).items():
        way.fill(request, **({"nrs_pain": 4} if name == "nrs-pain" else given if name == "psfs" else {}))


@pytest.mark.parametrize(
    ("activity", "worse"), [("At", "yes"), ("  AT ", "yes"), ("Ikke at", None)], ids=["same", "other letters", "others"]
)
def test_function_is_really_worse_only_about_the_same_activities(way, back, activity, worse):
    answer(way, back, "at", 8)
    way.clock.move(days=200)
    way.open_due()

    answer(way, back, activity, 5)

    with way.look() as tx:
        suggestion = tx.suggestions.newest(back.enrolment_id)
    assert suggestion.alert.inputs["functionRealBase"].value == worse
    assert ("L06" in [row.id for row in suggestion.alert.rows]) is (worse == "yes")
