"""`svarbro worker`: the process that schedules, delivers and reports."""

import os
import signal
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import click

from app import Services, anchor_file_of, open_services
from cli.dispatching import channel_ticks_of, dispatch_of
from cli.start import tell_content
from delivery.timetable import Tick, Timetable
from flow.forget import Forget
from flow.seal import SealAudit
from flow.watch import LogAlarms
from kernel.log import configure_logs

CHANNELS_S = 30
"""Nobody waits for a receipt that no call brought, or for the next step of a ladder: it comes after days."""


@click.command()
def worker() -> None:
    """Run the ticks until told to stop; what is due stands in the database, so any number may run on PostgreSQL.

    On SIGTERM or Ctrl-C nothing new is begun: calls in hand end and are marked, what has not begun is given back.
    """
    configure_logs("worker")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(open_services(), stop)


def work(services: Services, stop: threading.Event) -> None:
    """Run the ticks until `stop` is set, and end cleanly.

    Raises:
        ConflictError: another worker lives on this SQLite database.
        SettingsError: the lease is too short for the longest call.
    """
    tell_content(services)
    calls, beat = services.settings.calls, partial(_beat, services, f"{socket.gethostname()}:{os.getpid()}")
    with services.store.working(), ThreadPoolExecutor(calls, thread_name_prefix="handover") as executor:
        timetable = Timetable(_ticks(services, beat, dispatch_of(services, executor, stop)))
        # Whoever watches for a silent worker looks as soon as the ticks run.
        beat()
        timetable.start()
        stop.wait()
        timetable.stop()


def _ticks(services: Services, beat: Callable[[], None], dispatch: Callable[[], object]) -> list[Tick]:
    return [
        Tick("beat", 5, beat),
        Tick("open-due", 2, _fresh(services, services.use_cases.open_due)),
        Tick("expire", 5, services.use_cases.expire),
        Tick("dispatch", 0.25, _fresh(services, dispatch)),
        Tick("escalate", 5, services.use_cases.escalate),
        Tick("unsent-danger", 5, services.use_cases.around.unsent),
        Tick("end-pauses", 60, services.use_cases.around.end_pauses),
        Tick("seal", 2, SealAudit(services.store, anchor_file_of(services.settings))),
        Tick("forget", 3600, Forget(services.store, services.content, services.clock)),
        Tick("watch", 15, LogAlarms(services.use_cases.watch)),
        *(Tick(name, CHANNELS_S, call) for name, call in channel_ticks_of(services).items()),
    ]


def _beat(services: Services, name: str) -> None:
    with services.store.queue() as queue:
        queue.beat(name, services.clock.now())


def _fresh(services: Services, call: Callable[[], object]) -> Callable[[], None]:
    """Let a tick begin with what is in force now, whatever another process approved or imported."""

    def tick() -> None:
        services.use_cases.refresh()
        call()

    return tick
