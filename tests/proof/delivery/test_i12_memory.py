"""I12: a receiver that misbehaves for long costs no memory, no thread and no open file for each call."""

import gc
import threading
import tracemalloc
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from delivery.channels.port import AskedForm, Invitation
from delivery.channels.webpatient import WebPatientChannel
from delivery.parties import Clinic, PatientIdentity
from delivery.simulator import AppAccess, SimulatorSettings, create_simulator
from delivery.simulator.behaviours import Behaviour
from delivery.simulator.scenario import scenario_of
from kernel.clock import SystemClock
from kernel.errors import DeliveryError
from kernel.ids import Canonical, ClinicId, MessageId, OccasionId, PatientRef, RequestId
from tests.proof.extent import extent
from tests.serving import served

FORK = get_context("fork")
CALLS, WARM = extent(300, 2_000), 150
TIMEOUT_S = 0.25
HOLDING = (Behaviour.TIMEOUT_BEFORE, Behaviour.SLOW, Behaviour.DRIP, Behaviour.DRIP_HEADERS)
SHARES = {
    behaviour.value: 0.01 if behaviour in HOLDING else 0.05 for behaviour in Behaviour if not behaviour.is_of_receipts
}
SECONDS = {"slow": 0.5, "timeout-before": 0.5, "drip": 0.05, "drip-headers": 0.05}
MOST_BYTES_A_CALL, SLACK_BYTES = 100, 100_000
"""What a call may leave behind; an answer, a request or a traceback that is kept is ten times as much."""
MOST_FILES = 3
PATIENCE_S = 10


def misbehave(said):
    """Serve a simulator until somebody ends the process."""
    scenario = scenario_of({"receivers": {"webpatient": {"shares": SHARES, "seconds": SECONDS}}})
    apps = {name: AppAccess("token", "whsec_c2VjcmV0IG9mIGEgdGVzdCBvbmx5") for name in ("webpatient", "minlaege")}
    settings = SimulatorSettings("http://127.0.0.1:9", apps, "flp", "lps", None, SystemClock(), scenario)
    with served(create_simulator(settings)) as url:
        said.send(url)
        threading.Event().wait()


@contextmanager
def misbehaving():
    """Run a simulator in a process of its own, so that what it keeps is not counted here."""
    heard, said = FORK.Pipe(duplex=False)
    process = FORK.Process(target=misbehave, args=(said,), daemon=True)
    process.start()
    try:
        yield heard.recv()
    finally:
        process.kill()
        process.join()


def invitation(number):
    return Invitation(
        key=MessageId(f"message-{number}"),
        occasion_id=OccasionId("occasion-1"),
        clinic=Clinic(
            ClinicId("clinic-1"), "111111111111111", "012345", "Lægerne ved Åen", "86 12 34 56", "midtjylland"
        ),
        patient=PatientIdentity(PatientRef("patient-1"), "2512489996", "cpr", "Nancy Berggren"),
        forms=(AskedForm(RequestId("r"), Canonical("u|1"), "Hverdag med lungesygdom"),),
        due=datetime(2026, 11, 20, 9, tzinfo=UTC),
        expires=datetime(2026, 12, 11, 9, tzinfo=UTC),
        link="https://svarbro.example/p/i/x",
        text="Lægerne ved Åen har spørgsmål til dig.",
    )


def sent(channel, number):
    try:
        channel.send(invitation(number))
    except DeliveryError as error:
        return "refused" if error.permanent else "try again"
    return "taken"


def held():
    """Return what this process holds: bytes of Python objects, threads, open files."""
    # The watch over deadlines ends a moment after the last call that it looked after.
    for thread in threading.enumerate():
        if thread.name == "deadlines":
            thread.join(PATIENCE_S)
    gc.collect()
    return tracemalloc.get_traced_memory()[0], threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def test_i12_what_a_receiver_does_leaves_nothing_behind(ledger):
    with misbehaving() as url:
        channel = WebPatientChannel(url, "token", timeout_s=TIMEOUT_S)
        tracemalloc.start()
        try:
            for number in range(WARM):
                sent(channel, number)
            before = held()
            ends = Counter(sent(channel, WARM + number) for number in range(CALLS))
            after = held()
        finally:
            tracemalloc.stop()

    grown, threads, files = (now - then for now, then in zip(after, before, strict=True))
    ledger.add("I12 nothing is left behind", calls=CALLS, bytes_grown=grown, threads=threads, files=files)
    assert set(ends) == {"taken", "refused", "try again"}
    assert grown <= CALLS * MOST_BYTES_A_CALL + SLACK_BYTES
    assert threads <= 0
    assert files <= MOST_FILES
