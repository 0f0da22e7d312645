"""What each step of the way leaves waiting: one row per enrolment, by when it is due, and what of it is news."""

from datetime import date, timedelta

import pytest

from delivery.postponement import Ended
from delivery.schedule import EnrolmentState
from delivery.worklist import AlertKind
from flow.noting import note_wish
from scoring.levels import Colour, Urgency
from tests.builders import NOW
from tests.stored import store_asked
from tests.unit.flow.kept import Kept

TODAY = date(2027, 1, 11)


@pytest.fixture
def kept(store):
    asked = store_asked(store)
    return Kept(store, asked, asked.occasion.id)


def test_before_anything_happens_there_is_no_row(kept):
    assert kept.row is None


@pytest.mark.parametrize(
    ("urgency", "tier", "due_day"),
    [
        (Urgency.EMERGENCY, 0, TODAY),
        (Urgency.SAME_DAY, 1, TODAY),
        (Urgency.WITHIN_1_WEEK, 1, TODAY + timedelta(days=7)),
        (Urgency.WITHIN_2_WEEKS, 1, TODAY + timedelta(days=14)),
        (Urgency.PLANNED_4_WEEKS, 1, TODAY + timedelta(days=28)),
        (Urgency.ROUTINE, 1, TODAY + timedelta(days=42)),
    ],
)
def test_an_answer_is_due_by_its_urgency(kept, urgency, tier, due_day):
    kept.answer(Colour.YELLOW, urgency=urgency)

    assert (kept.row.waits, kept.row.tier, kept.row.due_day) == (True, tier, due_day)


def test_by_answering_again_nobody_moves_back_on_the_list_though_the_newest_colour_shows(kept):
    kept.answer(Colour.RED)
    kept.next_occasion()

    kept.answer(Colour.YELLOW, days=3)

    assert (kept.row.due_day, kept.row.place, kept.row.answered_at) == (TODAY, 1, NOW + timedelta(days=3))


def test_the_next_form_of_the_same_occasion_says_anew_by_when(kept):
    kept.answer(Colour.UNKNOWN, complete=False)

    kept.answer(Colour.GREEN)

    assert (kept.row.due_day, kept.row.place) == (TODAY + timedelta(days=42), 3)


def test_a_decision_takes_the_row_off_the_list_and_acts_on_its_alerts(kept):
    suggestion = kept.answer(Colour.RED)
    assert kept.alerts == (AlertKind.RED,)

    kept.decide(suggestion, Colour.YELLOW, level=3)

    row = kept.row
    assert (row.waits, row.due_day, row.place, row.decided_place, row.level) == (False, None, 1, 1, 3)
    assert kept.alerts == ()


@pytest.mark.parametrize(
    ("decided", "newer", "place", "step"),
    [
        (Colour.YELLOW, Colour.RED, 0, 0),
        (Colour.YELLOW, Colour.YELLOW, 1, 1),
        (Colour.YELLOW, Colour.GREEN, 1, 1),
        (Colour.GREEN, Colour.YELLOW, 1, 0),
    ],
)
def test_a_newer_answer_shows_the_worse_of_both_and_says_whether_it_got_worse(kept, decided, newer, place, step):
    kept.decide(kept.answer(Colour.YELLOW), decided)
    kept.next_occasion()

    kept.answer(newer)

    assert (kept.row.place, kept.row.step, kept.row.level) == (place, step, 2)


@pytest.mark.parametrize(
    ("decided", "newer", "raised"),
    [
        pytest.param(Colour.GREEN, Colour.GREEN, (), id="green again"),
        pytest.param(Colour.GREEN, Colour.YELLOW, (AlertKind.YELLOW,), id="worse than decided"),
        pytest.param(Colour.YELLOW, Colour.YELLOW, (), id="as decided"),
        pytest.param(Colour.YELLOW, Colour.UNKNOWN, (), id="better than decided"),
        pytest.param(Colour.YELLOW, Colour.RED, (AlertKind.RED,), id="red is worse"),
        pytest.param(Colour.RED, Colour.YELLOW, (), id="yellow after red"),
        pytest.param(Colour.RED, Colour.RED, (AlertKind.RED,), id="red after red is another event"),
    ],
)
def test_an_unchanged_level_alerts_nobody_but_red_after_a_decision_does(kept, decided, newer, raised):
    kept.decide(kept.answer(Colour.YELLOW), decided)
    kept.next_occasion()

    kept.answer(newer)

    assert kept.alerts == raised


@pytest.mark.parametrize("colour", [Colour.YELLOW, Colour.RED])
def test_until_somebody_decides_the_same_level_alerts_once(kept, colour):
    kept.answer(colour)
    kept.next_occasion()

    kept.answer(colour)
    kept.answer(colour)

    assert len(kept.alerts) == 1


def test_what_forms_still_to_come_may_explain_alerts_nobody(kept):
    kept.answer(Colour.UNKNOWN, complete=False)
    assert kept.alerts == ()

    kept.answer(Colour.UNKNOWN)

    assert kept.alerts == (AlertKind.UNKNOWN,)


@pytest.mark.parametrize(
    ("expected", "newer", "until"),
    [
        pytest.param(Colour.YELLOW, Colour.YELLOW, TODAY, id="as expected"),
        pytest.param(Colour.YELLOW, Colour.RED, None, id="worse than expected"),
        pytest.param(Colour.RED, Colour.RED, None, id="red is never expected"),
        pytest.param(Colour.GREEN, Colour.YELLOW, None, id="yellow where green was expected"),
        pytest.param(Colour.GREEN, Colour.GREEN, TODAY, id="green as expected"),
    ],
)
def test_red_or_worse_than_expected_ends_a_postponement(kept, expected, newer, until):
    kept.answer(Colour.YELLOW)
    postponement_id = kept.postpone(TODAY, expected)
    kept.next_occasion()

    kept.answer(newer)

    ended = kept.act(lambda tx: tx.postponements.get(postponement_id))
    assert kept.row.postponed_until == until
    assert ended.ended_why is (None if until else Ended.WORSE)
    assert ended.reason == "Ferie."


def test_what_is_expected_while_put_off_alerts_nobody(kept):
    kept.decide(kept.answer(Colour.GREEN), Colour.GREEN)
    kept.postpone(TODAY, Colour.YELLOW)
    kept.next_occasion()

    kept.answer(Colour.YELLOW)

    assert kept.alerts == ()


def test_a_postponement_whose_day_has_passed_ended_by_itself(kept):
    kept.answer(Colour.YELLOW)
    postponement_id = kept.postpone(TODAY - timedelta(days=1), Colour.GREEN)

    kept.answer(Colour.RED)

    ended = kept.act(lambda tx: tx.postponements.get(postponement_id))
    assert (ended.ended_why, kept.row.postponement_id, kept.row.postponed_until) == (None, None, None)


def test_a_wish_for_contact_alerts_once_and_ends_a_postponement(kept):
    kept.answer(Colour.YELLOW)
    postponement_id = kept.postpone(TODAY, Colour.YELLOW)
    wish = (kept.asked.patient_ref, kept.occasion_id)

    for _ in range(2):
        kept.act(lambda tx: note_wish(tx, *wish, wished=True))

    assert kept.alerts == (AlertKind.YELLOW, AlertKind.WISH)
    assert kept.act(lambda tx: tx.postponements.get(postponement_id)).ended_why is Ended.WISH
    assert (kept.row.postponed_until, kept.row.wished_at is None) == (None, False)


def test_a_wish_that_is_taken_back_leaves_nothing(kept):
    wish = (kept.asked.patient_ref, kept.occasion_id)
    kept.act(lambda tx: note_wish(tx, *wish, wished=True))
    assert kept.row.wished_at is not None

    kept.act(lambda tx: note_wish(tx, *wish, wished=False))

    assert (kept.row.wished_at, kept.alerts) == (None, ())


def test_what_was_not_answered_is_kept_until_it_is(kept):
    kept.act(lambda tx: tx.work.unanswered(kept.occasion_id, NOW))
    kept.act(lambda tx: tx.work.undelivered(kept.occasion_id, NOW))
    assert (kept.row.unanswered_at, kept.row.undelivered_at, kept.row.waits) == (NOW, NOW, False)

    kept.answer(Colour.GREEN)

    assert (kept.row.unanswered_at, kept.row.undelivered_at) == (None, None)


def test_who_answered_a_part_of_an_occasion_is_not_one_who_did_not_answer(kept):
    kept.answer(Colour.GREEN)

    kept.act(lambda tx: tx.work.unanswered(kept.occasion_id, NOW))

    assert kept.row.unanswered_at is None


def test_an_enrolment_that_has_ended_has_no_row_and_gets_none(kept):
    kept.answer(Colour.RED)
    kept.act(lambda tx: tx.enrolments.set_state(kept.asked.enrolment.id, EnrolmentState.PAUSED))
    assert kept.row is not None

    kept.act(lambda tx: tx.enrolments.set_state(kept.asked.enrolment.id, EnrolmentState.ENDED))

    assert kept.row is None
    kept.act(lambda tx: tx.work.unanswered(kept.occasion_id, NOW))
    assert kept.row is None
