"""Windows of time, and whom a call counts for."""

from datetime import UTC, datetime, timedelta

import pytest

from security.rates import Rate, bucket_of, source_of

KEY = b"k" * 32
DOOR = Rate("door", 10)
NINE = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("into_s", [0, 1, 59.999], ids=["first", "second", "last"])
def test_a_window_ends_with_its_minute(into_s):
    assert DOOR.ends_at(NINE + timedelta(seconds=into_s)) == NINE + timedelta(minutes=1)


def test_the_next_window_begins_when_one_ends():
    assert DOOR.ends_at(NINE + timedelta(minutes=1)) == NINE + timedelta(minutes=2)


def test_two_doors_two_callers_and_two_keys_are_never_counted_together():
    buckets = {
        bucket_of(KEY, DOOR, "192.0.2.1"),
        bucket_of(KEY, DOOR, "192.0.2.2"),
        bucket_of(KEY, Rate("window", 10), "192.0.2.1"),
        bucket_of(b"o" * 32, DOOR, "192.0.2.1"),
    }

    assert len(buckets) == 4
    assert bucket_of(KEY, DOOR, "192.0.2.1") in buckets


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "2001:db8:0:1::"),
        ("2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::"),
        ("2001:db8:0:2::1", "2001:db8:0:2::"),
        ("no address", ""),
        (None, ""),
    ],
    ids=["four", "mapped", "six", "same network", "other network", "garbage", "none"],
)
def test_a_source_is_an_address_and_of_the_newer_kind_its_network(address, source):
    assert source_of(address) == source
