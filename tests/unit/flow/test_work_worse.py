"""Got worse: a change of the instrument's own measure since the answer before, on which nobody has decided yet."""

from dataclasses import replace
from datetime import timedelta

import pytest

from delivery.worklist import Worsening
from flow.work_worse import worsening_of
from flow.worklist import ListWork
from kernel.ids import OccasionId, PatientRef
from questionnaires.model import Text
from scoring.history import History
from scoring.result import Score
from tests.builders import an_enrolment
from tests.unit.scoring.story import HERE, Story
from tests.way import CONTENT

ENROLMENT = an_enrolment(PatientRef("p"), programme_version=CONTENT.programmes.newest("kol").version)
CAT = Text("CAT", "CAT")


def shown(score_id, value):
    return Score(score_id, value, str(value), None, estimated=False, answered=8, missing=0)


def worsening(story):
    history = History(tuple(story.responses), tuple(story.decisions))
    return worsening_of(CONTENT, ENROLMENT, history, OccasionId(HERE))


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        pytest.param(20, 21, None, id="less than important"),
        pytest.param(20, 22, Worsening(CAT, "22", "+2"), id="as much as is important"),
        pytest.param(20, 18, None, id="better"),
        pytest.param(None, 30, None, id="nothing to compare with"),
    ],
)
def test_a_score_is_worse_from_the_important_change_of_its_instrument_on(before, now, found):
    # Two points of CAT: Kon, Lancet Respir Med 2014;2:195-203.
    story = Story()
    for days_ago, value in ((100, before), (0, now)):
        if value is not None:
            story.answered("cat", days_ago, shown("catTotal", value))

    assert worsening(story) == found


def test_what_the_programme_asks_first_is_told_and_what_it_does_not_ask_is_not():
    story = Story()
    for days_ago, grade, pain in ((100, 2, 1), (0, 3, 9)):
        story.answered("nrs-pain", days_ago, shown("score", pain))
        story.answered("cat", days_ago, shown("catTotal", 10 * grade))
        story.answered("mmrc", days_ago, shown("mrc", grade))

    first = worsening(story)
    without_it = replace(story, responses=[one for one in story.responses if one.questionnaire_id == "nrs-pain"])

    assert first.title.da == "Åndenød (MRC)"
    assert worsening(without_it) is None


def test_what_was_decided_on_is_worse_no_more_but_what_came_since_is():
    story = Story()
    story.answered("cat", 100, shown("catTotal", 10))
    seen = story.answered("cat", 50, shown("catTotal", 20))
    story.decided(40, seen)
    assert worsening(story) is None

    story.answered("cat", 0, shown("catTotal", 22))

    assert worsening(story) == Worsening(CAT, "22", "+2")


def test_a_form_of_this_occasion_that_was_filled_in_before_the_decision_came_but_not_seen_by_it_counts():
    story = Story()
    story.answered("cat", 100, shown("catTotal", 10))
    story.decided(40)

    story.answered("cat", 50, shown("catTotal", 20), occasion=HERE)

    assert worsening(story) == Worsening(CAT, "20", "+10")


def test_a_form_of_this_occasion_on_which_somebody_has_decided_is_news_no_more_when_the_others_come():
    story = Story()
    story.answered("cat", 100, shown("catTotal", 10))
    seen = story.answered("cat", 50, shown("catTotal", 20), occasion=HERE)

    story.decided(40, seen)

    assert worsening(story) is None


def again(way, enrolled, **given):
    """Let the patient answer the next occasion the mildest way, but for what is given of CAT."""
    way.clock.at += timedelta(days=200)
    way.expire()
    way.open_due()
    for name, request in way.asked(enrolled).items():
        way.fill(request, **(given if name == "cat" else {"mrc_1": "2"} if name == "mmrc" else {}))


@pytest.fixture
def green(way):
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled, points=0)
    way.decided(enrolled)
    return enrolled


def listed(way):
    (patient,) = ListWork(way.store)(way.doctor).patients
    return patient.rows[0]


def test_a_green_that_got_clearly_worse_says_so_and_is_not_confirmed_among_unchanged_ones(way, green):
    again(way, green, cat_1="2")

    row = listed(way)

    assert (row.worse, row.is_worse, row.may_confirm) == (Worsening(CAT, "2", "+2"), False, False)


def test_a_decision_takes_the_worsening_off_and_one_point_more_is_unchanged(way, green):
    again(way, green, cat_1="2")
    way.decided(green)

    again(way, green, cat_1="3")

    assert (listed(way).worse, listed(way).may_confirm) == (None, True)


def test_the_row_keeps_its_step_by_the_score_though_its_colour_stands(way, green):
    again(way, green, cat_1="2")

    with way.look() as tx:
        (row,) = tx.work_pages.rows([green.enrolment_id])

    assert (row.place, row.decided_place, row.step) == (3, 3, 0)
