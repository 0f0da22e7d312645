"""A whole deployment: web and simulator served here, and real workers in processes of their own that can be killed."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event

from app import Services, create_app, services_of
from cli.prepare import Addresses, environment_of
from cli.seed import Demo, seeded, system_of
from cli.worker import work
from delivery.schedule import Request
from delivery.simulator import AppAccess, SimulatorSettings, create_simulator
from delivery.simulator.arrivals import Arrivals
from delivery.simulator.scenario import scenario_of
from flow.enrol import EnrolmentOrder
from kernel.ids import PatientRef
from kernel.log import configure_logs
from kernel.settings import Settings
from questionnaires.build import ResponseAbout, build_response
from questionnaires.enablement import asked
from security.keys import ensure_key_file
from tests.log_corpus import corpus_dir
from tests.proof.delivery.audit import is_quiet, made
from tests.released import RELEASED
from tests.serving import served

NURSERY = get_context("forkserver")
NURSERY.set_forkserver_preload([__name__])
"""Its children begin in a third of a second, and none of them inherits a database that is open here."""
IMPATIENT_S = "0.5"
HURT = {"429": 0.02, "503": 0.02, "reset-after": 0.02, "500-after": 0.02}
"""Of the calls to the channel so many go wrong in these ways."""
LOOK_S = 0.4
PATIENCE_S = 600


def be_a_worker(environ: Mapping[str, str], log: Path) -> None:
    """Do what `svarbro worker` does, with content that was read before."""
    with log.open("a", encoding="utf-8") as stream:
        configure_logs("worker", stream)
        stop = Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        work(services_of(create_app(Settings.from_env(environ), RELEASED)), stop)


@dataclass(frozen=True)
class Deployment:
    """One clinic's installation.

    Args:
        environ: settings of the workers.
        services: of the web process, which is this one.
        arrivals: what reached the simulator.
    """

    environ: Mapping[str, str]
    services: Services
    demo: Demo
    arrivals: Arrivals
    log: Path

    def start(self) -> BaseProcess:
        """Start a worker."""
        worker = NURSERY.Process(target=be_a_worker, args=(dict(self.environ), self.log), daemon=True)
        worker.start()
        return worker

    def enrol(self, count: int) -> tuple[PatientRef, ...]:
        """Enrol so many in KOL, with replacement numbers: a made-up CPR number might be somebody's."""
        numbers = (f"010190-1{chr(65 + n // 260)}{chr(65 + n // 10 % 26)}{n % 10}" for n in range(count))
        orders = (EnrolmentOrder(number, f"Person {n}", "KOL") for n, number in enumerate(numbers))
        return tuple(self.services.use_cases.enrol(system_of(self.demo), order).patient_ref for order in orders)

    def travel(self, **delta: float) -> None:
        """Move everybody's clock on."""
        clock_file = self.services.settings.clock_file
        assert clock_file is not None
        before = float(clock_file.read_text(encoding="ascii")) if clock_file.exists() else 0.0
        ahead = clock_file.with_suffix(".new")
        ahead.write_text(str(before + timedelta(**delta).total_seconds()), encoding="ascii")
        # In one step: a worker that reads a file that was just emptied would not know the time.
        ahead.replace(clock_file)

    def answer(self, patient_ref: PatientRef) -> int:
        """Let a patient answer everything that is asked by leaving every question out; return how many forms."""
        with self.services.store.read(self.demo.clinic_id, system_of(self.demo)) as tx:
            occasion = tx.occasions.open_of(patient_ref)
            requests = tx.requests.of_occasion(occasion.id) if occasion else ()
        waiting = [request for request in requests if request.state.is_open]
        for request in waiting:
            self._skip(request)
        return len(waiting)

    def _skip(self, request: Request) -> None:
        questionnaire = self.services.content.questionnaires.get(request.questionnaire)
        skipped = {item.link_id for item in asked(questionnaire, {})}
        about = ResponseAbout("completed", self.services.clock.now(), request=request.id)
        body = build_response(questionnaire, {}, skipped=skipped, about=about)
        self.services.use_cases.receive(system_of(self.demo), body, via="form")

    def settle(self) -> datetime:
        """Wait until nothing is left to do; what waits for another attempt, or for a lease to end, waits no hour.

        Time moves on only where nothing happens, and ever more rarely: a jump ends the leases of calls under way too.

        Returns:
            The moment of which that is true; right after it the next attempt may be due.
        """
        end, wait_s, before = time.monotonic() + PATIENCE_S, LOOK_S, None
        while not is_quiet(self.services.store, now := self.services.clock.now()):
            assert time.monotonic() < end, "something is still to be done"
            time.sleep(wait_s)
            if before == (before := made(self.services.store)):
                self.travel(minutes=15)
                wait_s = min(1.5 * wait_s, 4 * LOOK_S)
        return now


@contextmanager
def deployed(database_url: str, directory: Path) -> Iterator[Deployment]:
    """Serve a clinic's installation on a migrated database; workers are the caller's to start and to end."""
    environ = {
        **environment_of(directory, Addresses(0, 0)),
        "SVARBRO_DATABASE_URL": database_url,
        "SVARBRO_REQUEST_TIMEOUT_S": IMPATIENT_S,
    }
    settings = Settings.from_env(environ)
    ensure_key_file(settings.keys_file)
    app = create_app(settings, RELEASED)
    services = services_of(app)
    try:
        with served(app) as web, simulated(services, web) as (address, arrivals):
            doors = {f"SVARBRO_{name}_URL": address for name in ("WEBPATIENT", "MINLAEGE", "PRINT", "FLP", "LPS")}
            log = corpus_dir() / f"whole-way-{directory.name}.log"
            yield Deployment({**environ, **doors}, services, seeded(services), arrivals, log)
    finally:
        services.store.close()


@contextmanager
def simulated(services: Services, web: str) -> Iterator[tuple[str, Arrivals]]:
    """Serve a simulator that goes wrong now and then; yield its address, and what reached it."""
    settings, secrets = services.settings, services.keyring.webhook_secrets
    apps = {
        "webpatient": AppAccess(settings.webpatient_token, secrets["webpatient"][0]),
        "minlaege": AppAccess(settings.minlaege_token, secrets["minlaege"][0]),
    }
    scenario = scenario_of({"seed": 4, "receivers": {"webpatient": {"shares": HURT}, "lps-inbox": {"shares": HURT}}})
    app = create_simulator(
        SimulatorSettings(web, apps, settings.flp_token, settings.lps_token, None, services.clock, scenario)
    )
    simulator = app.extensions["simulator"]
    with served(app) as address:
        try:
            yield address, simulator.arrivals
        finally:
            simulator.stop()
