"""Laws of grouping: whatever is due, an occasion keeps within its caps and nothing is lost."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from delivery.grouping import COUNTED, REPLACES, Limits, Past, Sizes, Wanted, group
from delivery.occasion_kind import TriggerType
from kernel.ids import EnrolmentId, SlotId

TODAY = date(2027, 6, 15)
LIMITS = Limits(items=25, occasions_per_year=4, min_days_between=14, join_days=14, replace_days=60)
"""The published caps: 25 counted items, 4 counted occasions a year, 14 days, joined within 14, replaced within 60."""
SAFETY = frozenset({"flags-a", "flags-b"})
FORMS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 25), min_size=1)
ON_TOP = [one for one in TriggerType if one not in COUNTED]


@st.composite
def situations(draw):
    sizes = Sizes(draw(FORMS), SAFETY)
    names = st.sampled_from([*sizes.counted, *SAFETY])
    wanted = []
    for number in range(draw(st.integers(0, 6))):
        trigger = draw(st.sampled_from(list(TriggerType)))
        joins = draw(st.sampled_from([None, 60])) if trigger is TriggerType.EVERY else None
        is_due = draw(st.booleans())
        days = draw(st.integers(0, 90))
        wanted.append(
            Wanted(
                id=SlotId(f"slot-{number}"),
                enrolment_id=EnrolmentId(draw(st.sampled_from(["e-1", "e-2"]))),
                package=draw(st.sampled_from(["KOL", "LRS"])),
                due=TODAY + timedelta(days=-days if is_due else days),
                is_due=is_due,
                trigger=trigger,
                ask=tuple(draw(st.lists(names, min_size=1, max_size=5, unique=True))),
                is_rest=draw(st.booleans()),
                joins_days=joins,
            )
        )
    past = Past(
        tuple(TODAY - timedelta(days=one) for one in draw(st.lists(st.integers(0, 364), max_size=6))),
        draw(st.sampled_from([None, TODAY - timedelta(days=13), TODAY - timedelta(days=14)])),
    )
    return wanted, sizes, past


def chosen(situation):
    wanted, sizes, past = situation
    return group(wanted, sizes, LIMITS, past, today=TODAY)


@given(situations())
def test_never_more_counted_items_than_the_cap(situation):
    grouped = chosen(situation)

    assert sum(situation[1].counted[name] for name in grouped.ask if name not in SAFETY) <= 25


@given(situations())
def test_each_questionnaire_is_asked_once_and_safety_screens_first(situation):
    ask = chosen(situation).ask

    assert len(set(ask)) == len(ask)
    screens = [name for name in ask if name in SAFETY]
    assert list(ask[: len(screens)]) == screens


@given(situations())
def test_every_safety_screen_of_what_is_taken_is_asked_and_never_left(situation):
    grouped = chosen(situation)
    by_id = {one.id: one for one in situation[0]}

    for slot_id in grouped.taken:
        assert SAFETY & set(by_id[slot_id].ask) <= set(grouped.ask)
    assert not SAFETY & {name for left in grouped.left.values() for name in left}


@given(situations())
def test_a_questionnaire_of_a_taken_slot_is_asked_whole_or_left_whole(situation):
    grouped = chosen(situation)
    by_id = {one.id: one for one in situation[0]}

    asked = {name for slot_id in grouped.taken for name in by_id[slot_id].ask}
    assert set(grouped.ask) <= asked
    for slot_id in grouped.taken:
        left = set(grouped.left.get(slot_id, ()))
        assert set(by_id[slot_id].ask) <= set(grouped.ask) | left
        assert not left & set(grouped.ask)


@given(situations())
def test_every_due_slot_is_either_taken_or_waits_for_a_later_day(situation):
    grouped = chosen(situation)
    due = {one.id for one in situation[0] if one.is_due}

    assert due == (due & set(grouped.taken)) | grouped.wait.keys()
    assert not grouped.wait.keys() & set(grouped.taken)
    assert all(day > TODAY for day in grouped.wait.values())


@given(situations())
def test_what_is_not_due_comes_whole_and_only_with_something_due(situation):
    grouped = chosen(situation)
    early = {one.id for one in situation[0] if not one.is_due} & set(grouped.taken)

    assert not early & grouped.left.keys()
    assert not early or any(one.is_due and one.id in grouped.taken for one in situation[0])


@given(situations())
def test_the_yearly_cap_and_the_days_between_hold_for_counted_slots(situation):
    wanted, _, past = situation
    grouped = chosen(situation)
    capped = len(past.counted) >= 4 or past.last == TODAY - timedelta(days=13)

    taken = [one for one in wanted if one.id in grouped.taken]
    assert grouped.counted == any(one.trigger in COUNTED for one in taken)
    if capped:
        assert not grouped.counted


@given(situations())
def test_start_order_and_discharge_are_never_held_back(situation):
    grouped = chosen(situation)

    for one in situation[0]:
        if one.is_due and one.trigger in ON_TOP:
            assert one.id in grouped.taken


@given(situations())
def test_a_rest_is_never_asked_before_its_day(situation):
    grouped = chosen(situation)

    assert not [one for one in situation[0] if one.is_rest and one.due > TODAY and one.id in grouped.taken]


@given(situations())
def test_what_waits_for_another_occasion_waits_no_longer_than_it_may(situation):
    wanted, sizes, past = situation
    assume(len(past.counted) < 4 and past.last != TODAY - timedelta(days=13))
    grouped = group(wanted, sizes, LIMITS, past, today=TODAY)

    for one in wanted:
        if one.id in grouped.wait:
            assert grouped.wait[one.id] <= one.due + timedelta(days=60)
            assert one.joins_days or any(other.trigger in REPLACES for other in wanted)


@given(situations(), st.randoms())
def test_the_order_of_the_slots_given_makes_no_difference(situation, random):
    wanted, sizes, past = situation
    shuffled = random.sample(wanted, len(wanted))

    assert group(shuffled, sizes, LIMITS, past, today=TODAY) == chosen(situation)
