"""Alarms on count, age and silence: each on both sides of its limit."""

from datetime import timedelta

import pytest

from delivery.alarms import SILENCE, Alarm, Figures, Limits, is_alive, raised
from tests.builders import NOW

SECOND = timedelta(seconds=1)


def figures(**others):
    return Figures(**{"age_s": 0.0, "stuck": 0, "last_beat": NOW, **others})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(figures(), set(), id="all is well"),
        pytest.param(figures(age_s=899.9), set(), id="young"),
        pytest.param(figures(age_s=900.0), {Alarm.OUTBOX_AGE}, id="old"),
        pytest.param(figures(stuck=1), {Alarm.OUTBOX_STUCK}, id="stuck"),
        pytest.param(figures(last_beat=None), {Alarm.WORKER_SILENT}, id="never seen"),
        pytest.param(figures(last_beat=NOW - SILENCE), {Alarm.WORKER_SILENT}, id="silent"),
        pytest.param(figures(last_beat=NOW - SILENCE + SECOND), set(), id="just seen"),
        pytest.param(figures(age_s=9e9, stuck=9, last_beat=None), set(Alarm), id="everything"),
    ],
)
def test_an_alarm_is_raised_from_its_limit_on(found, expected):
    assert raised(found, Limits(), NOW) == expected


def test_the_limits_are_the_operators():
    found = figures(age_s=60.0, stuck=4)

    assert raised(found, Limits(age_s=60, stuck=5), NOW) == {Alarm.OUTBOX_AGE}
    assert raised(found, Limits(age_s=61, stuck=4), NOW) == {Alarm.OUTBOX_STUCK}


def test_a_worker_is_alive_for_a_minute_after_it_was_seen():
    assert is_alive(NOW - timedelta(seconds=59), NOW)
    assert not is_alive(NOW - timedelta(seconds=60), NOW)
