"""What a worker does towards channels, plans and the operator, built for one installation."""

import os
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from threading import Event

from app import Services, adapters
from delivery.lease import window_of
from delivery.operator_alarm import AlarmTarget
from delivery.plans.operator_webhook import OperatorWebhook
from flow.deliver import Dispatch
from flow.hand_over_patient import HandOverToPatient
from flow.hand_over_report import HandOverReport
from flow.ladder import ClimbLadders
from flow.receipts import PollReceipts, RetryStrays
from kernel.clock import Clock
from kernel.settings import Settings


def dispatch_of(services: Services, executor: Executor, stop: Event) -> Dispatch:
    """Build the worker's dispatch; only a worker speaks to channels and plans.

    Args:
        executor: has `settings.calls` threads.
        stop: once it is set nothing new is begun.

    Raises:
        SettingsError: the lease is too short for the longest call.
    """
    channels, plans = adapters(services.settings, services.content.released)
    store, content, clock = services.store, services.content, services.clock
    calls, public_url = services.settings.calls, services.settings.public_url
    return Dispatch(
        store=store,
        clock=clock,
        to_patient=HandOverToPatient(store, content, clock, channels, services.keyring, public_url),
        report=HandOverReport(store, content, plans, public_url, _operator_of(services.settings, clock)),
        executor=executor,
        owner=f"{socket.gethostname()}:{os.getpid()}",
        window=window_of(calls),
        request_timeout_s=services.settings.request_timeout_s,
        threads=calls,
        lease_s=services.settings.lease_s,
        stop=stop,
        receivers={**channels, **plans},
    )


def channel_ticks_of(services: Services) -> Mapping[str, Callable[[], int]]:
    """Build what a worker does about channels besides handing over, by name."""
    channels, _ = adapters(services.settings, services.content.released)
    store, clock, event = services.store, services.clock, services.use_cases.event
    return {
        "climb-ladders": ClimbLadders(store, clock),
        "poll-receipts": PollReceipts(store, clock, event, channels),
        "retry-strays": RetryStrays(store, clock, event),
    }


def _operator_of(settings: Settings, clock: Clock) -> AlarmTarget | None:
    """Return whom alarms are posted to, where the installation names an address."""
    if not settings.operator_url:
        return None
    timeout_s = settings.request_timeout_s
    return OperatorWebhook(settings.operator_url, settings.operator_secret, clock, timeout_s=timeout_s)
