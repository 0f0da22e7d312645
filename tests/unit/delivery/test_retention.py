"""The times of retention: a file that leaves one out, or says less than nothing, is refused."""

import json
from datetime import timedelta

import pytest

from delivery.retention import HERE, Bounds, RetentionClass, load_retention, parse_retention
from kernel.errors import ContentError
from security.chain import LEAST_KEPT

FILE = "retention-1.1.0.json"
RELEASED = json.loads((HERE / FILE).read_text(encoding="utf-8"))


def parsed(**days):
    given = {**RELEASED, "days": {**RELEASED["days"], **days}}
    return parse_retention(json.dumps(given).encode(), FILE)


def test_records_are_kept_ten_years_and_the_audit_at_least_two():
    lives = load_retention().lives

    # Autorisationsloven section 25, and Min Log: reference in docs/security.md.
    assert lives[RetentionClass.RECORD].days >= 10 * 365 + 2
    assert lives[RetentionClass.AUDIT].days >= 2 * 365
    assert set(lives) == set(RetentionClass)


def test_what_is_kept_by_law_never_goes_by_itself():
    assert {one for one in RetentionClass if not one.goes_by_itself} == {RetentionClass.RECORD}


def test_nothing_is_kept_for_less_than_no_time():
    assert parsed(contact=0).lives[RetentionClass.CONTACT].days == 0
    with pytest.raises(ContentError, match="draft"):
        parsed(draft=-1)


def test_a_class_that_nobody_knows_or_that_is_left_out_is_refused():
    with pytest.raises(ContentError, match="secrets"):
        parsed(secrets=1)
    left = {name: number for name, number in RELEASED["days"].items() if name != "audit"}
    with pytest.raises(ContentError, match="audit"):
        parse_retention(json.dumps({**RELEASED, "days": left}).encode(), FILE)


def bounded(**bounds):
    given = {**RELEASED, "bounds": {name: {"least": least, "most": most} for name, (least, most) in bounds.items()}}
    return parse_retention(json.dumps(given).encode(), FILE)


def test_what_a_clinic_may_choose_keeps_the_record_ten_years_and_the_audit_two():
    bounds = load_retention().bounds

    assert bounds[RetentionClass.RECORD].least >= timedelta(days=10 * 365 + 2)
    assert bounds[RetentionClass.AUDIT].least >= LEAST_KEPT
    assert set(bounds) == {one for one in RetentionClass if one.is_of_a_clinic}


def test_both_ends_may_be_chosen_and_a_day_beyond_counts_as_the_end():
    retention = bounded(draft=(7, 90))

    assert [retention.life(RetentionClass.DRAFT, days).days for days in (6, 7, 90, 91)] == [7, 7, 90, 90]
    assert [timedelta(days=days) in Bounds(timedelta(7), timedelta(90)) for days in (6, 7, 90, 91)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_where_nothing_is_chosen_or_may_be_the_file_holds():
    retention = bounded(draft=(7, 90))

    assert retention.life(RetentionClass.DRAFT, None).days == RELEASED["days"]["draft"]
    assert retention.life(RetentionClass.CONTACT, 3).days == RELEASED["days"]["contact"]


@pytest.mark.parametrize(
    "bounds",
    [
        pytest.param({"webhook-body": (0, 1)}, id="of no clinic"),
        pytest.param({"draft": (31, 90)}, id="the days of the class lie below"),
        pytest.param({"draft": (0, 29)}, id="above"),
        pytest.param({"draft": (-1, 90)}, id="less than no time"),
    ],
)
def test_bounds_that_cannot_be_kept_are_refused(bounds):
    with pytest.raises(ContentError, match="bounds"):
        bounded(**bounds)


def test_the_file_before_bounds_came_is_still_read_and_lets_nobody_choose():
    first = HERE / "retention-1.0.0.json"

    assert parse_retention(first.read_bytes(), first.name).bounds == {}
