"""Ticks begin at once, go on after a failure, and end when told to."""

import threading

from structlog.testing import capture_logs

from delivery.timetable import Tick, Timetable

PATIENCE_S = 5


def test_a_tick_begins_at_once_and_comes_back():
    twice, count = threading.Event(), []

    def call():
        count.append(1)
        if len(count) == 2:
            twice.set()

    timetable = Timetable([Tick("count", 0.05, call)])
    timetable.start()

    assert twice.wait(PATIENCE_S)
    timetable.stop()


def test_a_tick_that_raises_is_logged_without_its_text_and_comes_back():
    again, calls = threading.Event(), []

    def fail():
        calls.append(1)
        if len(calls) == 2:
            again.set()
        raise LookupError("2512489996")

    with capture_logs() as logs:
        timetable = Timetable([Tick("fail", 0.05, fail)])
        timetable.start()
        assert again.wait(PATIENCE_S)
        timetable.stop()

    assert logs[0] == {"event": "tick-failed", "log_level": "error", "source": "fail", "error": "LookupError"}
    assert "2512489996" not in str(logs)


def test_a_tick_that_still_runs_is_not_begun_twice():
    running, most, release, begun = [], [], threading.Event(), threading.Event()

    def slow():
        running.append(1)
        most.append(len(running))
        begun.set()
        release.wait(PATIENCE_S)
        running.pop()

    timetable = Timetable([Tick("slow", 0.02, slow), Tick("other", 0.02, lambda: None)])
    timetable.start()
    assert begun.wait(PATIENCE_S)
    threading.Event().wait(0.2)
    release.set()
    timetable.stop()

    assert max(most) == 1


def test_stopping_waits_for_a_running_tick():
    begun, ended = threading.Event(), []

    def work():
        begun.set()
        threading.Event().wait(0.1)
        ended.append(1)

    timetable = Timetable([Tick("work", 60, work)])
    timetable.start()
    assert begun.wait(PATIENCE_S)
    timetable.stop()

    assert ended == [1]


def test_a_timetable_that_never_started_can_be_stopped():
    Timetable([]).stop()
