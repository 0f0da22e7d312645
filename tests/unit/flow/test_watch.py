"""The outbox in figures: what waits, what fails and for how long, and the alarms that follow from it."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from delivery.alarms import Alarm, Limits
from delivery.backlog import Kept, Wanted
from delivery.ladder import Step
from delivery.outbox import MessageKind, MessageState
from flow.health import CheckHealth
from flow.watch import LogAlarms, WatchOutbox
from kernel.errors import HandoverError
from kernel.ids import MessageId
from store.strays import Stray, StrayState
from tests.builders import CLINIC_ID
from tests.way import FakeChannel

INVITED = Kept(MessageState.DUE, "webpatient", MessageKind.INVITATION)


@pytest.fixture
def watch(way):
    return WatchOutbox(way.store, way.clock, Limits())


def beat(way):
    with way.store.queue() as queue:
        queue.beat("w1", way.clock.now())


def ask(way):
    way.enrolled()
    way.open_due()


def fail(way, *, permanent=False, times=1):
    way.channel.failures = [HandoverError("webpatient cannot be reached", permanent=permanent)] * times


def test_nothing_waits_at_first_and_a_worker_is_missed(way, watch):
    picture = watch()

    assert (dict(picture.unfinished), dict(picture.closed), dict(picture.failing)) == ({}, {}, {})
    assert (picture.figures.age_s, picture.figures.stuck, picture.beat_age_s, picture.workers) == (0, 0, None, 0)
    assert picture.alarms == {Alarm.WORKER_SILENT}


def test_what_waits_is_counted_by_state_target_and_kind_and_then_what_has_left(way, watch):
    ask(way)

    assert dict(watch().unfinished) == {INVITED: 1}
    way.dispatch()
    picture = watch()
    assert dict(picture.unfinished) == {}
    assert dict(picture.closed) == {Kept(MessageState.ACCEPTED, "webpatient", MessageKind.INVITATION): 1}
    way.clock.move(hours=1, seconds=1)
    assert dict(watch().closed) == {}


def test_what_fails_ages_from_its_first_due_moment_however_often_it_is_put_off(way, watch):
    ask(way)
    fail(way, times=9)
    for _ in range(3):
        way.dispatch()
        way.clock.move(minutes=10)
    way.dispatch()
    picture = watch()

    assert picture.failing["webpatient"] == (1, 1800)
    assert picture.figures.age_s == 1800
    assert Alarm.OUTBOX_AGE in picture.alarms


def test_what_is_put_off_because_the_clinic_is_closed_does_not_age(way, watch):
    ask(way)
    with way.store.queue() as queue:
        at = way.clock.now() + timedelta(hours=14)
        queue.connection.exec_driver_sql("UPDATE outbox SET due_at = ?".replace("?", f"'{at:%Y-%m-%d %H:%M:%S.%f}'"))
    way.clock.move(hours=13)

    assert watch().figures.age_s == 0


def test_what_is_dead_is_stuck_and_does_not_age(way, watch):
    ask(way)
    fail(way, permanent=True)
    way.dispatch()
    way.clock.move(hours=1)
    picture = watch()

    assert picture.figures.stuck == 1
    assert picture.unfinished[Kept(MessageState.DEAD, "webpatient", MessageKind.INVITATION)] == 1
    assert "webpatient" not in picture.failing


def test_a_receiver_that_is_down_for_long_makes_the_service_not_ready(way):
    health = CheckHealth(way.store, way.clock, Limits())
    ask(way)
    fail(way, times=9)
    way.dispatch()
    way.clock.move(minutes=14, seconds=59)
    way.dispatch()
    beat(way)

    assert health().ready
    way.clock.move(seconds=1)
    assert dict(health().checks)["outbox"] == "not draining"


def test_what_a_ladder_has_passed_on_is_counted_by_its_channel_for_an_hour(way, watch):
    letter = FakeChannel("letter")
    way.speak({"webpatient": way.channel, "letter": letter})
    ask(way)
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.ladders.set("KOL", [Step("webpatient", 10), Step("letter")])
    fail(way, permanent=True)
    while way.dispatch():
        pass

    assert len(letter.taken) == 1
    assert dict(watch().passed_on) == {"letter": 1}
    way.clock.move(hours=1)
    assert dict(watch().passed_on) == {"letter": 1}
    way.clock.move(microseconds=1)
    assert dict(watch().passed_on) == {}


def test_what_an_operator_sends_again_with_a_new_key_was_not_passed_on(way, watch):
    ask(way)
    fail(way, permanent=True)
    way.dispatch()
    with way.store.write(CLINIC_ID, way.system) as tx:
        (dead,) = tx.backlog.entries(Wanted(targets=["webpatient"]))
        assert tx.backlog.renew(dead.id)
    way.dispatch()

    assert len(way.channel.taken) == 1
    assert dict(watch().passed_on) == {}


def test_receipts_without_an_order_are_counted_until_they_are_settled(way, watch):
    def stray(receipt_id, channel):
        at = way.clock.now()
        return Stray(channel, receipt_id, MessageId("unknown"), "opened", None, at, at)

    strays = [stray("r1", "webpatient"), stray("r2", "webpatient"), stray("r3", "minlaege")]
    with way.store.queue() as queue:
        assert all(queue.strays.keep(one) for one in strays)
    assert dict(watch().strays) == {"webpatient": 2, "minlaege": 1}
    with way.store.queue() as queue:
        queue.strays.tried(strays[0], StrayState.APPLIED)
        queue.strays.tried(strays[1], StrayState.WAITING)
        queue.strays.tried(strays[2], StrayState.GIVEN_UP)

    assert dict(watch().strays) == {"webpatient": 1}


def test_workers_are_counted_while_they_beat(way, watch):
    beat(way)
    assert (watch().workers, watch().alarms) == (1, frozenset())
    way.clock.move(seconds=60)
    assert (watch().workers, watch().beat_age_s, watch().alarms) == (0, 60, {Alarm.WORKER_SILENT})


def test_an_alarm_is_logged_when_it_begins_and_when_it_is_over(way, watch):
    tick = LogAlarms(watch)
    with capture_logs() as lines:
        tick()
        tick()
        beat(way)
        tick()
        tick()

    assert [(line["log_level"], line["code"], line["outcome"]) for line in lines] == [
        ("error", "worker-silent", "raised"),
        ("info", "worker-silent", "over"),
    ]
