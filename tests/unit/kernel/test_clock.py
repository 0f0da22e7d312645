"""Clocks: the machine's time, and the demo's time travel."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.clock import OffsetClock, SystemClock

SLACK = timedelta(seconds=30)


def test_the_system_clock_tells_aware_utc():
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < SLACK


def test_a_missing_offset_file_means_no_offset(tmp_path):
    now = OffsetClock(tmp_path / "clock-offset").now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < SLACK


@pytest.mark.parametrize("written", ["15552000", "15552000.0\n", "-15552000"], ids=["ahead", "newline", "back"])
def test_the_offset_in_the_file_moves_time(tmp_path, written):
    file = tmp_path / "clock-offset"
    file.write_text(written, encoding="ascii")

    now = OffsetClock(file).now()

    assert abs(now - datetime.now(UTC) - timedelta(seconds=float(written))) < SLACK


def test_a_jump_reaches_a_clock_that_already_runs(tmp_path):
    file = tmp_path / "clock-offset"
    clock = OffsetClock(file)
    before = clock.now()

    file.write_text("86400", encoding="ascii")

    assert timedelta(days=1) <= clock.now() - before < timedelta(days=1) + SLACK


def test_an_offset_that_is_no_number_is_an_error_and_not_the_wrong_time(tmp_path):
    file = tmp_path / "clock-offset"
    file.write_text("tomorrow", encoding="ascii")

    with pytest.raises(ValueError, match="could not convert"):
        OffsetClock(file).now()
