"""A named clinician orders candidates or excludes them, with a reason and a day to look again."""

from datetime import date

import pytest
from sqlalchemy import event

from delivery.candidate import CandidateState
from delivery.patient_status import StatusKind
from flow.candidates import OrderOutcome
from flow.enrol import EnrolmentOrder
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.ids import CandidateId
from tests.unit.flow.lists import LATER, NANCY, SVERRE, ids, lines, listed, told


def test_ordering_enrols_and_tells_when_the_first_invitation_is_due(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    (ordered,) = candidates.order(way.doctor, [candidate_id, candidate_id], start=date(2027, 2, 1))

    assert ordered.outcome is OrderOutcome.ORDERED
    with way.look() as tx:
        enrolment = tx.enrolments.get(ordered.enrolment_id)
        candidate = tx.candidates.get(candidate_id)
        acts = [(one.action, one.entity) for one in tx.audit.events()]
    assert (enrolment.package, enrolment.patient_ref) == ("KOL", candidate.patient_ref)
    assert (candidate.state, candidate.enrolment_id) == (CandidateState.ORDERED, enrolment.id)
    assert (candidate.assessed_by, candidate.assessed_name) == (way.doctor.id, way.doctor.display)
    assert ("enrol", f"Enrolment/{enrolment.id}") in acts
    assert way.open_due() == 0
    way.clock.at = ordered.first_due_at
    assert way.open_due() == 1


def test_ordering_twice_tells_of_the_first_enrolment(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    (first,) = candidates.order(way.doctor, [candidate_id])
    (second,) = candidates.order(way.doctor, [candidate_id])

    assert (second.outcome, second.enrolment_id) == (OrderOutcome.ALREADY, first.enrolment_id)


def test_who_was_enrolled_through_another_door_is_told_and_waits_no_more(way, bring, candidates):
    bring(NANCY)
    enrolled = way.enrolled()
    (candidate_id,) = ids(way, candidates)

    (told,) = candidates.order(way.doctor, [candidate_id])

    assert (told.outcome, told.enrolment_id) == (OrderOutcome.ALREADY, enrolled.enrolment_id)
    assert ids(way, candidates) == []


def test_who_left_is_not_enrolled(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    told(way, "moved")

    (ordered,) = candidates.order(way.doctor, [candidate_id])

    assert (ordered.outcome, ordered.enrolment_id) == (OrderOutcome.LEFT, None)


def test_who_declined_is_enrolled_and_left_in_peace(way, bring, candidates):
    bring(NANCY)
    told(way, StatusKind.DECLINED.value)

    (ordered,) = candidates.order(way.doctor, ids(way, candidates))

    assert ordered.outcome is OrderOutcome.ORDERED
    assert (way.open_due(), way.dispatch()) == (0, 0)


def test_an_unknown_candidate_stops_the_whole_order(way, bring, candidates):
    bring(NANCY)

    with pytest.raises(NotFoundError):
        candidates.order(way.doctor, [*ids(way, candidates), CandidateId("nobody")])

    assert len(ids(way, candidates)) == 1


def test_an_exclusion_keeps_who_why_and_until_when(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    candidates.exclude(way.doctor, candidate_id, reason=" Bor på plejehjem. ", review_on=LATER)

    assert ids(way, candidates) == []
    (shown,) = listed(way, candidates, CandidateState.EXCLUDED)
    assert (shown.candidate.reason, shown.candidate.review_on) == ("Bor på plejehjem.", LATER)
    assert shown.candidate.assessed_name == way.doctor.display
    assert "plejehjem" not in repr(shown)
    (ordered,) = candidates.order(way.doctor, [candidate_id])
    assert ordered.outcome is OrderOutcome.EXCLUDED


@pytest.mark.parametrize(("days", "is_for_review"), [(48, False), (49, True)], ids=["the day before", "on the day"])
def test_an_exclusion_comes_back_on_its_day(way, bring, candidates, days, is_for_review):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    candidates.exclude(way.doctor, candidate_id, reason="Venter.", review_on=LATER)

    way.clock.move(days=days)

    assert [one.is_for_review for one in listed(way, candidates)] == [True] * is_for_review
    (ordered,) = candidates.order(way.doctor, [candidate_id])
    assert ordered.outcome is (OrderOutcome.ORDERED if is_for_review else OrderOutcome.EXCLUDED)


def test_a_clinician_may_change_their_mind(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    candidates.exclude(way.doctor, candidate_id, reason="Venter.", review_on=LATER)
    candidates.exclude(way.doctor, candidate_id, reason="Venter endnu.", review_on=date(2027, 4, 1))

    (ordered,) = candidates.order(way.doctor, [candidate_id], despite_exclusion=True)

    assert ordered.outcome is OrderOutcome.ORDERED


@pytest.mark.parametrize(
    ("reason", "review_on", "rules"),
    [
        ("", LATER, ["no-reason"]),
        ("x" * 501, LATER, ["no-reason"]),
        ("Venter.", date(2027, 1, 11), ["not-later"]),
        (" ", date(2027, 1, 10), ["no-reason", "not-later"]),
    ],
)
def test_an_exclusion_needs_a_reason_and_a_later_day(way, bring, candidates, reason, review_on, rules):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    with pytest.raises(InvalidInputError) as refused:
        candidates.exclude(way.doctor, candidate_id, reason=reason, review_on=review_on)

    assert [issue.rule for issue in refused.value.issues] == rules
    assert ids(way, candidates) == [candidate_id]


def test_who_is_enrolled_cannot_be_excluded(way, bring, candidates):
    bring(NANCY, SVERRE)
    ordered, waiting = ids(way, candidates)
    candidates.order(way.doctor, [ordered])
    way.enrol(way.system, EnrolmentOrder(SVERRE[:11], "Sverre", "KOL"))

    for candidate_id in (ordered, waiting):
        with pytest.raises(ConflictError):
            candidates.exclude(way.doctor, candidate_id, reason="Venter.", review_on=LATER)


def test_a_thousand_candidates_come_in_by_a_few_statements_and_are_ordered_by_a_few_each(way, bring, candidates):
    counted = []
    event.listen(way.store._engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    # Replacement numbers: a made-up CPR number might be somebody's.
    numbers = [f"{n % 28 + 1:02}{n // 28 % 12 + 1:02}00-1ZZ{n // 336}" for n in range(1000)]
    thousand = [f"{number};Person {n};KOL;R95;ja\n" for n, number in enumerate(numbers)]

    assert lines(bring(*thousand)) == {"added": tuple(range(2, 1002))}
    imported = len(counted)
    waiting = []
    page = candidates.listed(way.doctor, limit=500)
    while page.candidates:
        waiting += [one.candidate.id for one in page.candidates]
        page = candidates.listed(way.doctor, limit=500, after=waiting[-1])
    counted.clear()
    ordered = candidates.order(way.doctor, waiting)

    assert {one.outcome for one in ordered} == {OrderOutcome.ORDERED}
    assert imported <= 60, "set by set, not one by one"
    assert len(counted) <= 15 * 1000, "a bound for each enrolment"
    with way.look() as tx:
        assert len(tx.enrolments.all(limit=2000)) == 1000
