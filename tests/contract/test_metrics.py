"""`/metrics`: Prometheus' own reader understands it, and nobody's data stands in it."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from delivery.alarms import Alarm
from kernel.ids import MessageId, new_id
from store.strays import Stray


@pytest.fixture
def metrics(house):
    def read():
        answer = house.get("/metrics", token="")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.text

    return read


def samples(text):
    families = text_string_to_metric_families(text)
    return {(one.name, *sorted(one.labels.items())): one.value for family in families for one in family.samples}


def waiting(text):
    key = ("svarbro_outbox_messages", ("kind", "invitation"), ("state", "due"), ("target", "webpatient"))
    return samples(text).get(key, 0)


def test_an_invitation_that_waits_is_counted(house, metrics):
    before = waiting(metrics())
    house.enrol()

    # What other tests of this process enrolled may become due meanwhile: the clock of the house goes on.
    assert waiting(metrics()) >= before + 1


def test_age_workers_and_every_alarm_are_told(house, metrics):
    told = samples(metrics())

    assert told[("svarbro_outbox_oldest_seconds",)] >= 0
    assert told[("svarbro_workers",)] >= 0
    assert {key[1][1] for key in told if key[0] == "svarbro_alarm"} == {alarm.value for alarm in Alarm}
    assert told[("svarbro_alarm", ("alarm", "worker-silent"))] == (told[("svarbro_workers",)] == 0)


def test_a_receipt_without_an_order_is_counted_by_its_channel(house, metrics):
    now = house.services.clock.now()
    stray = Stray("minlaege", new_id(), MessageId("unknown"), "opened", None, now, now)
    key = ("svarbro_stray_receipts", ("channel", "minlaege"))
    before = samples(metrics()).get(key, 0)
    with house.services.store.queue() as queue:
        queue.strays.keep(stray)

    assert samples(metrics())[key] == before + 1


def test_no_label_names_a_clinic_or_a_patient(house, metrics):
    enrolled = house.enrol()
    text = metrics()

    assert enrolled.patient_ref not in text
    assert house.one.clinic_id not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|\d{6}-?\d{4}", text)
    assert {label for line in text.splitlines() for label in re.findall(r'(\w+)="', line)} <= {
        "state", "target", "kind", "alarm", "step", "circuit", "channel",
    }  # fmt: skip
