"""The occasion as the patient meets it: stable numbers, notices where answers raise them, nothing lost or stale."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from delivery.parties import Clinic
from delivery.schedule import Occasion, OccasionState, Request, RequestState
from flow.overview import Form, Overview
from kernel.errors import NotFoundError
from kernel.ids import ClinicId, OccasionId, PatientRef, RequestId
from questionnaires.model import Coded
from questionnaires.registry import Registry
from questionnaires.turns import spot_of
from tests.every_type import QUESTIONNAIRE

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
REGISTRY = Registry.load()
CLINIC = Clinic(ClinicId("c"), "1", "2", "Klinikken", "00 00 00 00", "midtjylland")


def a_form(short_name="kol-status", position=0, state=RequestState.REQUESTED):
    questionnaire = REGISTRY.newest(short_name)
    request = Request(
        RequestId(f"r-{short_name}"),
        OccasionId("o"),
        PatientRef("p"),
        questionnaire.canonical,
        position,
        state,
        NOW,
        NOW + timedelta(days=21),
        NOW if state is RequestState.COMPLETED else None,
    )
    return Form(request, questionnaire)


def an_overview(*forms, state=OccasionState.OPEN, now=NOW):
    occasion = Occasion(OccasionId("o"), PatientRef("p"), state, NOW, NOW + timedelta(days=21))
    return Overview(CLINIC, occasion, forms, now)


def test_all_questions_are_asked_in_order_and_no_notice_before_an_answer_raises_it():
    overview = an_overview(a_form(), a_form("cat", 1), a_form("mmrc", 2))

    assert [page.item.link_id for page in overview.questions] == [
        *(f"kol-status-{n}" for n in range(1, 10)),
        *(f"cat-{n}" for n in range(1, 9)),
        "mrc-1",
    ]
    assert overview.pages == overview.questions
    assert overview.dangers == ()


def test_a_danger_answer_raises_its_notice_on_the_very_next_page_and_renumbers_nothing():
    before = an_overview(a_form(), a_form("cat", 1))
    first = before.questions[0]

    after = an_overview(a_form().answered("kol-status-1", (True,)), a_form("cat", 1))

    following = after.after(first.number)
    assert following is not None
    assert following.item.link_id == "kol-status-1-notice"
    assert following.is_notice
    assert [page.number for page in after.questions] == [page.number for page in before.questions]


@pytest.mark.parametrize("link_id", ["kol-status-1", "kol-status-2", "kol-status-3"])
def test_each_danger_sign_raises_the_notice_and_no_takes_it_away(link_id):
    alarmed = a_form().answered(link_id, (True,))

    assert [page.item.link_id for page in an_overview(alarmed).dangers] == [f"{link_id}-notice"]
    assert an_overview(alarmed.answered(link_id, (False,))).dangers == ()


def test_two_danger_signs_say_the_same_words_once():
    form = a_form().answered("kol-status-1", (True,)).answered("kol-status-2", (True,))

    assert len(an_overview(form).dangers) == 1


def test_a_danger_notice_still_stands_when_its_form_is_sent():
    sent = a_form(state=RequestState.COMPLETED).answered("kol-status-3", (True,))

    overview = an_overview(sent, a_form("cat", 1))

    assert len(overview.dangers) == 1
    assert {page.form.questionnaire.id for page in overview.pages} == {"cat"}
    assert overview.sent_at == NOW


def test_advice_is_no_danger():
    overview = an_overview(a_form().answered("kol-status-5", (True,)))

    assert [page.item.role for page in overview.pages if page.is_notice] == ["advice"]
    assert overview.dangers == ()


def test_going_on_after_a_pause_begins_at_the_first_question_without_an_answer():
    form = a_form().answered("kol-status-1", (False,)).answered("kol-status-2", (), skipped=True)

    first_open = an_overview(form).first_open

    assert first_open is not None
    assert first_open.item.link_id == "kol-status-3"


def test_a_skip_is_kept_until_it_is_answered_and_an_answer_until_it_is_skipped():
    skipped = a_form().answered("kol-status-1", (True,)).answered("kol-status-1", (), skipped=True)
    answered = skipped.answered("kol-status-1", (False,))

    assert (skipped.answers, skipped.skipped) == ({}, frozenset({"kol-status-1"}))
    assert (answered.answers, answered.skipped) == ({"kol-status-1": (False,)}, frozenset())


def test_the_answer_to_a_question_that_is_no_longer_asked_is_dropped():
    cat = a_form("cat")
    first, second = cat.questionnaire.items[:2]
    dependent = replace(second, enable_when=())
    questionnaire = replace(cat.questionnaire, items=(first, dependent))
    form = replace(cat, questionnaire=questionnaire)
    option = first.options[0]

    kept = form.answered(second.link_id, (Coded(option.system, "3"),)).answered("gone", (1,))

    assert set(kept.answers) == {second.link_id}


@pytest.mark.parametrize(
    "number", [0, 2, 99], ids=["before the first", "a notice that is not raised", "after the last"]
)
def test_a_page_that_is_not_asked_is_not_found(number):
    with pytest.raises(NotFoundError):
        an_overview(a_form()).page(number)


def test_forward_and_back_lead_through_the_same_pages():
    overview = an_overview(a_form(), a_form("mmrc", 1))
    first, last = overview.pages[0], overview.pages[-1]

    assert overview.before(first.number) is None
    assert overview.after(last.number) is None
    for one, other in zip(overview.pages, overview.pages[1:], strict=False):
        assert overview.after(one.number) == other
        assert overview.before(other.number) == one


def test_only_the_first_page_of_a_form_opens_it():
    overview = an_overview(a_form(), a_form("cat", 1))

    assert [page.item.link_id for page in overview.pages if page.opens_form] == ["kol-status-1", "cat-1"]


@pytest.mark.parametrize(
    ("seconds", "state"),
    [(-1, OccasionState.OPEN), (0, OccasionState.EXPIRED), (1, OccasionState.EXPIRED)],
    ids=["just before the deadline", "at the deadline", "after it"],
)
def test_at_the_deadline_the_occasion_is_closed_although_nobody_has_closed_it(seconds, state):
    overview = an_overview(a_form(), now=NOW + timedelta(days=21, seconds=seconds))

    assert overview.state is state


def test_pages_of_a_repeated_group_come_turn_by_turn_and_then_ask_for_one_more():
    request = replace(a_form().request, questionnaire=QUESTIONNAIRE.canonical)
    second = spot_of("name", (2,))
    overview = an_overview(Form(request, QUESTIONNAIRE, {"name": ("A",), second: ("B",)}))

    group = [(page.item.link_id, page.turn) for page in overview.pages if page.groups or page.offers_more]
    (end,) = [page for page in overview.pages if page.offers_more]
    first = overview.page(end.number + 1)
    third = overview.one_more(end)

    assert group == [("name", ""), ("daily", ""), ("name", "2"), ("daily", "2"), ("medicine", "2")]
    assert overview.after(end).item.link_id == "must"
    assert [overview.before(end).spot, overview.after(first).item.link_id] == [spot_of("daily", (2,)), "daily"]
    assert (third.item.link_id, third.turns, third.answers) == ("name", (3,), ())
    assert overview.page(third.number, (3,)) == third
    assert overview.after(third) == end
    with pytest.raises(NotFoundError):
        overview.page(third.number, (4,))


def test_taking_a_turn_away_leaves_the_others():
    request = replace(a_form().request, questionnaire=QUESTIONNAIRE.canonical)
    later = spot_of("name", (2,))
    form = Form(request, QUESTIONNAIRE, {"name": ("A",), later: ("B",)}, frozenset({spot_of("daily", (2,))}))

    left = form.without_turn(QUESTIONNAIRE.by_link_id["medicine"], (2,))

    assert (left.answers, left.skipped) == ({"name": ("A",)}, frozenset())


def test_only_a_group_offers_one_more():
    overview = an_overview(a_form())

    assert overview.one_more(overview.pages[0]) is None
