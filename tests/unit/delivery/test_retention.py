"""The times of retention: a file that leaves one out, or says less than nothing, is refused."""

import json

import pytest

from delivery.retention import HERE, RetentionClass, load_retention, parse_retention
from kernel.errors import ContentError

RELEASED = json.loads((HERE / "retention-1.0.0.json").read_text(encoding="utf-8"))


def parsed(**days):
    given = {**RELEASED, "days": {**RELEASED["days"], **days}}
    return parse_retention(json.dumps(given).encode(), "retention-1.0.0.json")


def test_records_are_kept_ten_years_and_the_audit_at_least_two():
    lives = load_retention().lives

    # Autorisationsloven section 25, and Min Log: reference in docs/security.md.
    assert lives[RetentionClass.RECORD].days >= 10 * 365 + 2
    assert lives[RetentionClass.AUDIT].days >= 2 * 365
    assert set(lives) == set(RetentionClass)


def test_what_is_kept_by_law_never_goes_by_itself():
    assert {one for one in RetentionClass if not one.goes_by_itself} == {RetentionClass.RECORD}


def test_nothing_is_kept_for_less_than_no_time():
    assert parsed(draft=0).lives[RetentionClass.DRAFT].days == 0
    with pytest.raises(ContentError, match="draft"):
        parsed(draft=-1)


def test_a_class_that_nobody_knows_or_that_is_left_out_is_refused():
    with pytest.raises(ContentError, match="secrets"):
        parsed(secrets=1)
    left = {name: number for name, number in RELEASED["days"].items() if name != "audit"}
    with pytest.raises(ContentError, match="audit"):
        parse_retention(json.dumps({**RELEASED, "days": left}).encode(), "retention-1.0.0.json")
