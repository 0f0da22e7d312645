"""What a decision holds beside colour and level: dimensions, actions, a date; and how it is amended or confirmed."""

from datetime import date, timedelta

import pytest

from delivery.recurrence import danish_date
from flow.decide import ActionOrder
from flow.enrol import EnrolmentOrder
from kernel.errors import AccessError, ConflictError, InvalidInputError
from kernel.ids import DecisionId
from scoring.levels import Colour
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor, an_opt_in
from tests.unit.flow.results import decisions, newest
from tests.way import NANCY


def tomorrow(way):
    return danish_date(way.clock.now()) + timedelta(days=1)


def test_everything_that_was_decided_is_kept_as_it_was_decided(way, answered):
    decision = way.decided(
        answered,
        "YELLOW",
        level=2,
        dimensions={"clinician": "RED"},
        actions=(ActionOrder("spirometry", date(2027, 2, 1), "Nancy vil gerne om morgenen."),),
        next_due=date(2027, 3, 1),
    )

    assert decisions(way, answered) == (decision,)
    assert dict(decision.dimensions) == {"clinician": Colour.RED}
    assert [action.code for action in decision.actions] == ["spirometry"]
    assert (decision.next_due, decision.new_episode) == (date(2027, 3, 1), False)


@pytest.mark.parametrize(
    ("order", "element", "rule"),
    [
        ({"dimensions": {"clinician": "UNKNOWN"}}, "dimensions.clinician", "not-a-decision"),
        ({"dimensions": {"clinician": "small"}}, "dimensions.clinician", "not-a-decision"),
        ({"dimensions": {"2512489996": "RED"}}, "dimensions", "unknown-dimension"),
        ({"actions": (ActionOrder("physiotherapy"), ActionOrder("no-such"))}, "actions.1.code", "not-an-action"),
        ({"actions": (ActionOrder("exercise-advice"),)}, "actions.0.code", "not-an-action"),
        ({"actions": (ActionOrder("spirometry", date(2027, 1, 10)),)}, "actions.0.due", "in-the-past"),
        ({"next_due": date(2027, 1, 11)}, "nextDue", "not-in-future"),
        ({"new_episode": True}, "newEpisode", "no-episodes"),
    ],
    ids=["unknown", "word", "dimension", "action", "other package", "due yesterday", "due today", "episode of KOL"],
)
def test_what_cannot_be_decided_is_named_and_changes_nothing(way, answered, order, element, rule):
    with pytest.raises(InvalidInputError) as refused:
        way.decided(answered, "YELLOW", **order)

    assert [(issue.expression, issue.rule) for issue in refused.value.issues] == [(element, rule)]
    assert decisions(way, answered) == ()


def test_today_is_early_enough_for_an_action_and_tomorrow_for_questionnaires(way, answered):
    today = danish_date(way.clock.now())

    decision = way.decided(answered, "YELLOW", actions=(ActionOrder("follow-up", today),), next_due=tomorrow(way))

    assert decision.actions[0].due == today


def test_every_fault_of_an_order_is_named(way, answered):
    with pytest.raises(InvalidInputError) as refused:
        way.decided(
            answered,
            "UNKNOWN",
            level=7,
            next_due=date(2026, 1, 1),
            actions=(ActionOrder("x"),),
            dimensions={"x": "RED"},
        )

    rules = [issue.rule for issue in refused.value.issues]
    assert rules == ["not-a-decision", "not-a-level", "unknown-dimension", "not-in-future", "not-an-action"]


def test_a_decision_on_the_same_suggestion_amends_the_first_and_says_why(way, answered):
    first = way.decided(answered, "YELLOW", level=2, actions=(ActionOrder("spirometry"),), reason="")

    with pytest.raises(InvalidInputError) as refused:
        way.decided(answered, "YELLOW", level=3, reason="")
    second = way.decided(answered, "YELLOW", level=3, reason="Har talt med datteren.", amends=first.id)

    assert [(one.expression, one.rule) for one in refused.value.issues] == [("reason", "amendment-without-reason")]
    assert decisions(way, answered) == (first, second)
    assert second.previous_id == first.id
    with way.look() as tx:
        assert [one.decision_id for one in tx.actions.of_enrolment(answered.enrolment_id)] == [first.id]


def test_two_who_decide_at_the_same_time_do_not_overrule_each_other_unseen(way, answered):
    first = way.decided(answered, "YELLOW", level=2)
    way.decided(answered, "RED", level=2, amends=first.id)

    for seen in (first.id, DecisionId("nothing")):
        with pytest.raises(ConflictError) as refused:
            way.decided(answered, "GREEN", amends=seen)
        assert refused.value.issues[0].rule == "newer-decision"
    assert [one.colour for one in decisions(way, answered)] == ["YELLOW", "RED"]


@pytest.mark.parametrize(
    "change",
    [
        {"dimensions": {"clinician": "RED"}},
        {"next_due": date(2027, 3, 1)},
        {"actions": (ActionOrder("spirometry"),)},
        {"level": 3},
    ],
    ids=["dimension", "date", "action", "level"],
)
def test_only_the_very_same_decision_is_a_repetition(way, answered, change):
    way.decided(answered, "YELLOW", level=2)
    way.decided(answered, "YELLOW", **{"level": 2, **change})
    way.decided(answered, "YELLOW", **{"level": 2, **change})

    assert len(decisions(way, answered)) == 2


def test_the_clinicians_part_is_as_old_as_the_decision_that_gave_it(way, answered):
    given = way.decided(answered, "YELLOW", level=2, dimensions={"clinician": "RED"})
    later = way.decided(answered, "YELLOW", level=3)

    assert dict(later.dimensions) == {}
    with way.look() as tx:
        assert tx.decisions.clinicians_part(answered.enrolment_id) == given


def half_a_year_later(way, enrolled, **answers):
    way.clock.at = way.clock.at.replace(month=7, day=12)
    way.open_due()
    way.answer_all(enrolled, **answers)


def test_nothing_new_is_confirmed_by_one_word(way, answered):
    decided = way.decided(answered, "YELLOW", level=3)
    half_a_year_later(way, answered, points=3)

    confirmed = way.decide.confirm(way.doctor, answered.enrolment_id, newest(way, answered).id)

    assert (confirmed.colour, confirmed.level, confirmed.previous_id) == (Colour.GREEN, 3, decided.id)
    assert (confirmed.reason, confirmed.valid_until.year) == ("", 2028)


def test_an_unchanged_decided_patient_is_not_alerted_again_however_often_asked(way, answered):
    way.decided(answered, "YELLOW", level=3)
    for _ in range(3):
        way.clock.move(days=100)
        way.open_due()
        way.answer_all(answered, points=3)
        assert newest(way, answered).alert.colour is Colour.GREEN
        way.decide.confirm(way.doctor, answered.enrolment_id, newest(way, answered).id)


@pytest.mark.parametrize(
    "answers", [{"points": 5}, {"points": 3, "grade": 5}], ids=["worse by CAT", "worse by two grades"]
)
def test_what_is_new_is_decided_and_not_confirmed(way, answered, answers):
    way.decided(answered, "YELLOW", level=3)
    half_a_year_later(way, answered, **answers)

    with pytest.raises(InvalidInputError) as refused:
        way.decide.confirm(way.doctor, answered.enrolment_id, newest(way, answered).id)

    assert refused.value.issues[0].rule == "changed"
    assert len(decisions(way, answered)) == 1


def test_nothing_is_confirmed_that_was_never_decided_or_no_longer_counts(way, answered):
    seen = newest(way, answered).id
    with pytest.raises(InvalidInputError):
        way.decide.confirm(way.doctor, answered.enrolment_id, seen)
    with pytest.raises(AccessError):
        way.decide.confirm(an_actor(Role.CLINIC_STAFF), answered.enrolment_id, seen)
    assert decisions(way, answered) == ()


def test_a_confirmed_new_episode_asks_what_the_programme_asks_then(way):
    enrolled = back_pain(way)

    decision = way.decided(enrolled, "GREEN", new_episode=True)

    assert decisions(way, enrolled)[0].new_episode
    with way.look() as tx:
        assert [one.new_episode for one in tx.history.of(tx.enrolments.get(enrolled.enrolment_id)).decisions] == [True]
        planned = [tx.schedule.series(slot.series_id) for slot in tx.schedule.planned_slots(enrolled.enrolment_id)]
    assert ("new-episode", f"decided:{decision.id}") in {(one.occasion_kind, one.reason) for one in planned}


def test_the_next_questionnaires_come_on_the_decided_day(way, answered):
    way.decided(answered, "YELLOW", level=2, next_due=date(2027, 3, 1))

    with way.look() as tx:
        dates = [slot.nominal_date for slot in tx.schedule.planned_slots(answered.enrolment_id)]
    assert min(dates) == date(2027, 3, 1)


def back_pain(way):
    with way.store.write(CLINIC_ID, an_actor()) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", plan_target="lps-note"))
    enrolled = way.enrol(way.system, EnrolmentOrder(*NANCY, package="LRS"))
    way.open_due()
    for request in way.asked(enrolled).values():
        way.fill(request)
    return enrolled
