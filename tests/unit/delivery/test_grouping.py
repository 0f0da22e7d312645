"""What one occasion holds, by the published rules: caps, filling order, replacing, joining."""

from datetime import date, timedelta
from typing import Any

import pytest

from delivery.grouping import Grouped, Limits, Past, Sizes, Wanted, group, tightest
from delivery.occasion_kind import TriggerType
from delivery.programme_parts import Caps, Grouping
from kernel.errors import ContentError
from kernel.ids import EnrolmentId, SlotId

TODAY = date(2027, 6, 15)
DAY = timedelta(days=1)
LIMITS = Limits(items=25, occasions_per_year=4, min_days_between=14, join_days=14, replace_days=60)
SIZES = Sizes(
    {"mmrc": 1, "cat": 8, "shk": 7, "startback": 9, "nrs-pain": 1, "rmdq23": 23}, frozenset({"kol-status", "lrs-flags"})
)
NEVER = Past()
KOL_START = ("kol-status", "mmrc", "cat", "shk")
LRS_START = ("lrs-flags", "startback", "nrs-pain", "shk")
KOL = ("kol-status", "mmrc", "cat")


def wanted(name, ask=KOL, **other):
    values: dict[str, Any] = {
        "enrolment_id": "e-KOL",
        "package": "KOL",
        "due": TODAY,
        "is_due": True,
        "trigger": TriggerType.EVERY,
    }
    values |= other
    values["enrolment_id"] = EnrolmentId(values["enrolment_id"])
    return Wanted(SlotId(name), ask=ask, **values)


def chosen(*slots, past=NEVER):
    return group(slots, SIZES, LIMITS, past, today=TODAY)


def test_two_packages_that_start_together_share_what_is_shared_and_keep_within_25_items():
    kol = wanted("kol", KOL_START, trigger=TriggerType.START)
    lrs = wanted("lrs", LRS_START, trigger=TriggerType.START, package="LRS", enrolment_id="e-LRS")

    grouped = chosen(lrs, kol)

    # 1 + 8 + 7 + 9 = 25 counted items: the pain scale is the 26th and waits; both safety screens come first.
    assert grouped.ask == ("kol-status", "lrs-flags", "mmrc", "cat", "shk", "startback")
    assert grouped.left == {"lrs": ("nrs-pain",)}
    assert grouped.taken == ("kol", "lrs")


def test_the_oldest_due_goes_first_whatever_the_package():
    kol = wanted("kol", KOL)
    lrs = wanted("lrs", ("lrs-flags", "rmdq23", "nrs-pain"), package="LRS", due=TODAY - DAY)

    grouped = chosen(kol, lrs)

    assert grouped.ask == ("lrs-flags", "kol-status", "rmdq23", "nrs-pain", "mmrc")
    assert grouped.left == {"kol": ("cat",)}


def test_a_slot_without_room_for_anything_still_asks_its_safety_screen():
    lrs = wanted("lrs", ("lrs-flags", "rmdq23", "nrs-pain", "mmrc"), package="LRS", due=TODAY - DAY)
    kol = wanted("kol", ("kol-status", "cat"))

    grouped = chosen(kol, lrs)

    assert grouped.ask == ("lrs-flags", "kol-status", "rmdq23", "nrs-pain", "mmrc")
    assert grouped.left == {"kol": ("cat",)}


@pytest.mark.parametrize(("days", "joins"), [(14, True), (15, False)])
def test_what_falls_due_within_14_days_joins(days, joins):
    soon = wanted("soon", ("nrs-pain",), is_due=False, due=TODAY + days * DAY)

    assert ("soon" in chosen(wanted("now"), soon).taken) is joins


@pytest.mark.parametrize("trigger", [TriggerType.AFTER_START, TriggerType.AFTER_DISCHARGE, TriggerType.ON_ORDER])
def test_what_is_tied_to_an_event_does_not_join_before_its_day(trigger):
    soon = wanted("soon", ("nrs-pain",), is_due=False, due=TODAY + DAY, trigger=trigger)

    assert chosen(wanted("now"), soon).taken == ("now",)


def test_what_joins_comes_whole_or_not_at_all():
    soon = wanted("soon", ("nrs-pain", "rmdq23"), is_due=False, due=TODAY + DAY)

    grouped = chosen(wanted("now"), soon)

    assert (grouped.taken, grouped.left) == (("now",), {})
    assert "nrs-pain" not in grouped.ask


@pytest.mark.parametrize("trigger", [TriggerType.BEFORE_APPOINTMENT, TriggerType.CONTROL_MONTH])
@pytest.mark.parametrize(("days", "replaced"), [(60, True), (61, False)])
def test_an_appointment_or_control_month_replaces_the_periodic_one_within_60_days(trigger, days, replaced):
    appointment = wanted("appointment", trigger=trigger)
    periodic = wanted("periodic", is_due=False, due=TODAY + days * DAY)

    assert ("periodic" in chosen(appointment, periodic).taken) is replaced


def test_an_appointment_replaces_no_periodic_one_of_the_other_package():
    appointment = wanted("appointment", trigger=TriggerType.BEFORE_APPOINTMENT)
    other = wanted("other", is_due=False, due=TODAY + 30 * DAY, enrolment_id="e-LRS", package="LRS")

    assert chosen(appointment, other).taken == ("appointment",)


@pytest.mark.parametrize(("days", "waits"), [(60, True), (61, False)])
def test_a_periodic_one_waits_for_the_appointment_that_replaces_it(days, waits):
    day = TODAY + days * DAY
    appointment = wanted("appointment", trigger=TriggerType.BEFORE_APPOINTMENT, is_due=False, due=day)

    grouped = chosen(wanted("periodic"), appointment)

    assert grouped.wait == ({"periodic": day} if waits else {})
    assert grouped.taken == (() if waits else ("periodic",))


@pytest.mark.parametrize(("days", "waits"), [(60, True), (61, False)])
def test_a_yearly_form_joins_the_next_occasion_within_60_days(days, waits):
    day = TODAY + days * DAY
    yearly = wanted("yearly", ("shk",), joins_days=60)

    grouped = chosen(yearly, wanted("periodic", is_due=False, due=day, package="LRS", enrolment_id="e-LRS"))

    assert grouped.wait == ({"yearly": day} if waits else {})
    assert grouped.ask == (() if waits else ("shk",))


def test_a_yearly_form_waits_with_the_slot_that_waits():
    past = Past(last=TODAY - 10 * DAY)
    yearly = wanted("yearly", ("shk",), joins_days=60)
    appointment = wanted("appointment", trigger=TriggerType.BEFORE_APPOINTMENT, is_due=False, due=TODAY + 20 * DAY)

    assert chosen(wanted("periodic"), yearly, appointment).wait == dict.fromkeys(
        ("periodic", "yearly"), TODAY + 20 * DAY
    )
    assert chosen(wanted("periodic"), yearly, past=past).wait == dict.fromkeys(("periodic", "yearly"), TODAY + 4 * DAY)


def test_a_yearly_form_goes_along_with_what_is_due():
    assert chosen(wanted("yearly", ("shk",), joins_days=60), wanted("periodic")).ask == (*KOL, "shk")


def test_what_is_due_later_today_comes_along():
    later = wanted("appointment", trigger=TriggerType.BEFORE_APPOINTMENT, is_due=False)

    assert chosen(wanted("periodic"), later).taken == ("periodic", "appointment")


@pytest.mark.parametrize(("days", "free"), [(13, False), (14, True)])
def test_14_days_lie_between_an_occasion_and_the_next_counted_one(days, free):
    grouped = chosen(wanted("periodic"), past=Past(last=TODAY - days * DAY))

    assert grouped.wait == ({} if free else {"periodic": TODAY + DAY})


def test_four_counted_occasions_a_year_and_the_fifth_waits_until_the_first_is_a_year_old():
    days = (date(2026, 7, 20), date(2026, 9, 20), date(2026, 11, 20), date(2027, 2, 20))

    assert chosen(wanted("periodic"), past=Past(days[:3])).taken == ("periodic",)
    assert chosen(wanted("periodic"), past=Past(days)).wait == {"periodic": date(2027, 7, 20)}


@pytest.mark.parametrize(
    "trigger", [TriggerType.START, TriggerType.ON_ORDER, TriggerType.AFTER_DISCHARGE, TriggerType.NEW_EPISODE]
)
def test_start_order_discharge_and_new_episode_come_on_top(trigger):
    past = Past(tuple(TODAY - days * DAY for days in (1, 30, 60, 90)), TODAY - DAY)
    # 90 days before 15 June 2027 is 17 March.

    grouped = chosen(wanted("top", trigger=trigger), wanted("periodic"), past=past)

    assert (grouped.taken, grouped.counted) == (("top",), False)
    assert grouped.wait == {"periodic": date(2028, 3, 17)}


def test_nothing_due_is_nothing_asked():
    assert chosen(wanted("soon", is_due=False, due=TODAY + DAY)) == Grouped((), (), {}, {}, counted=False)


def test_a_questionnaire_longer_than_an_occasion_is_a_fault_of_the_content():
    with pytest.raises(ContentError, match="rmdq23"):
        group([wanted("lrs", ("rmdq23",))], SIZES, Limits(22, 4, 14, 14, 60), Past(), today=TODAY)


def test_of_several_programmes_the_tightest_caps_hold():
    both = [(Caps(25, 4, 14), Grouping(14, 60)), (Caps(20, 6, 21), Grouping(7, 90))]

    assert tightest(both) == Limits(20, 4, 21, 7, 60)
