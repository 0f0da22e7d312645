"""`/metrics`: the outbox in Prometheus' text form; labels are states, kinds, receivers and alarms, never a person."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from delivery.alarms import Alarm
from delivery.backlog import Kept
from delivery.breaker import Circuit
from delivery.escalation import Step
from flow.watch import Picture

BY_KIND = ("state", "target", "kind")


def blueprint(watch: Callable[[], Picture]) -> Blueprint:
    """Build `/metrics`; every call asks the database, so that all web processes tell the same."""
    metrics = Blueprint("metrics", __name__)

    @metrics.get("/metrics")
    def show() -> Response:
        registry = CollectorRegistry()
        registry.register(_Told(watch()))
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return metrics


@dataclass(frozen=True, eq=False)
class _Told(Collector):
    """One picture as metrics."""

    picture: Picture

    def collect(self) -> Iterable[Metric]:
        """Name every figure."""
        picture = self.picture
        waits, gone = "Messages that have not left although it is time, or wait for a person.", "Messages that ended."
        yield _by_kind("svarbro_outbox_messages", waits, picture.unfinished)
        yield _by_kind("svarbro_outbox_closed_last_hour", gone, picture.closed)
        oldest = "For how long the longest waiting message has waited."
        yield _single("svarbro_outbox_oldest_seconds", oldest, picture.figures.age_s)
        counts = {target: count for target, (count, _) in picture.failing.items()}
        ages = {target: age for target, (_, age) in picture.failing.items()}
        yield _labelled("svarbro_outbox_failing_messages", "Tried and not taken, by receiver.", "target", counts)
        yield _labelled("svarbro_outbox_failing_oldest_seconds", "For how long, by receiver.", "target", ages)
        yield _circuits({target: breaker.circuit for target, breaker in picture.receivers.items()})
        strays, passed_on = "Receipts that look for their order.", "Ended invitations by a later channel of a ladder."
        yield _labelled("svarbro_stray_receipts", strays, "channel", picture.strays)
        yield _labelled("svarbro_invitations_passed_on_last_hour", passed_on, "target", picture.passed_on)
        told = {step.value: picture.escalated.get(step, 0) for step in Step}
        yield _labelled("svarbro_reds_escalated", "Undecided red suggestions, by who was told.", "step", told)
        yield _single("svarbro_workers", "Workers that were seen within a minute.", picture.workers)
        if picture.beat_age_s is not None:
            yield _single("svarbro_worker_beat_age_seconds", "Since any worker was last seen.", picture.beat_age_s)
        alarms = {str(alarm): int(alarm in picture.alarms) for alarm in Alarm}
        yield _labelled("svarbro_alarm", "1 while an operator must look.", "alarm", alarms)


def _single(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)


def _labelled(name: str, told: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _by_kind(name: str, told: str, counts: Mapping[Kept, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=BY_KIND)
    for kept, count in sorted(counts.items(), key=lambda item: (item[0].target, item[0].kind, item[0].state)):
        family.add_metric([kept.state.value, kept.target, kept.kind.value], count)
    return family


def _circuits(receivers: Mapping[str, Circuit]) -> GaugeMetricFamily:
    told = "1 for the state of a receiver's circuit: open = only probes are sent."
    family = GaugeMetricFamily("svarbro_receiver_circuit", told, labels=["target", "circuit"])
    for target, now in sorted(receivers.items()):
        for circuit in Circuit:
            family.add_metric([target, circuit.value], int(circuit is now))
    return family
