"""I16: a newer version, in which the functions of the send path have other names, takes over while messages are sent.

On PostgreSQL old and new work side by side for a while, on SQLite one after the other; both are real processes. Some
messages are of a kind that the old version does not know: it leaves them alone, and the new one sends them.
"""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app import create_app, services_of
from cli.prepare import environment_of, free_addresses, prepare
from delivery.outbox import MessageKind, NewMessage
from delivery.release import INBOX
from kernel.settings import Settings
from tests.builders import an_actor
from tests.crowd import ATTEMPT
from tests.databases import migrated
from tests.log_corpus import corpus_dir
from tests.proof.delivery.renamed import NEW_KIND, ROOT, renamed_source
from tests.proof.extent import extent
from tests.sink import Sink, sink_server
from tests.workers import wait_until

KINDS = ("postgresql", "sqlite")
TOGETHER, STRANGE, WAITING = 20, 2, 20
SENT_BY_EACH = extent(25, 1_000)
"""Before anything changes, each worker that is at work has sent so many."""


class Receiver(Sink):
    """Takes whatever comes, and counts it by key."""

    def take(self, key, body):
        return super().take(key, {"lane": key, "sequence": 1})


class Rollout:
    """One installation whose worker is replaced by a newer version."""

    def __init__(self, directory, url, sink_url, stack):
        self.stack, self.receivers = stack, dict.fromkeys(ADDRESSES, sink_url)
        environ = {**environment_of(directory, free_addresses(0, 0)), **self.receivers, "SVARBRO_DATABASE_URL": url}
        self.environ = {**os.environ, **environ}
        prepare(Settings.from_env(self.environ), enrol=True)
        services = services_of(create_app(Settings.from_env(self.environ)))
        self.store, self.number = services.store, 0
        (self.clinic_id,) = services.store.clinics()
        with self.store.read(self.clinic_id, an_actor(clinic_id=self.clinic_id)) as tx:
            (self.enrolment,) = tx.enrolments.all(limit=1)
        self.stack.callback(self.store.close)

    def start(self, source):
        """Start a worker of a version."""
        environ = {**self.environ, "SVARBRO_LOG_DIR": str(corpus_dir() / "rollout")}
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "worker"],
            cwd=source,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.stack.callback(_end, process)
        return process

    def add(self):
        """Keep some messages waiting; some are of the kind that only the newer version knows."""
        if sum(row.state == "due" and row.kind != NEW_KIND for row in self.rows()) >= WAITING:
            return
        self.number += 1
        lanes = [f"rollout/{self.number}/{n}" for n in range(TOGETHER)]
        messages = [
            NewMessage(
                kind=MessageKind.INBOX_UNDELIVERED,
                lane=lane,
                target=INBOX,
                due_at=datetime.now(UTC),
                patient_ref=self.enrolment.patient_ref,
                enrolment_id=self.enrolment.id,
            )
            for lane in lanes
        ]
        with self.store.queue() as queue:
            ids = queue.within(self.clinic_id, an_actor(clinic_id=self.clinic_id)).outbox.add_all(messages)
            strange = ", ".join(f"'{one}'" for one in ids[:STRANGE])
            queue.connection.exec_driver_sql(f"UPDATE outbox SET kind = '{NEW_KIND}' WHERE id IN ({strange})")

    def sends(self, *processes):
        """Let messages come in until each of these workers has sent some more."""
        before = self.sent_by()
        wait_until(lambda: self.add() or all(self._more(before, one) >= SENT_BY_EACH for one in processes))

    def _more(self, before, process):
        name = owner(process)
        return self.sent_by().get(name, 0) - before.get(name, 0)

    def sent_by(self):
        with self.store.queue() as queue:
            rows = queue.connection.execute(select(ATTEMPT.c.owner).where(ATTEMPT.c.outcome == "accepted")).all()
        owners = [row.owner for row in rows]
        return {one: owners.count(one) for one in owners}

    def rows(self):
        with self.store.queue() as queue:
            return queue.connection.exec_driver_sql("SELECT id, kind, state, target FROM outbox").all()

    def owners_of_the_new_kind(self):
        with self.store.queue() as queue:
            found = queue.connection.exec_driver_sql(
                f"SELECT owner FROM attempt WHERE message_id IN (SELECT id FROM outbox WHERE kind = '{NEW_KIND}')"
            ).all()
        return {row.owner for row in found}


ADDRESSES = [f"SVARBRO_{name}_URL" for name in ("WEBPATIENT", "MINLAEGE", "FLP", "LPS", "PRINT")]


def owner(process):
    return f"{socket.gethostname()}:{process.pid}"


def _end(process):
    process.kill()
    process.wait()


def stop(process):
    process.terminate()
    return process.wait(60)


@pytest.fixture(scope="module")
def newer(tmp_path_factory):
    return renamed_source(tmp_path_factory.mktemp("source"))


@pytest.fixture(params=KINDS)
def rollout(request, tmp_path_factory):
    sink = Receiver(delay_s=0.02)
    with (
        ExitStack() as stack,
        sink_server(sink) as sink_url,
        migrated(request, request.param, tmp_path_factory) as (url, directory),
        stack,
    ):
        yield request.param, Rollout(directory, url, sink_url, stack), sink


def test_i16_a_newer_version_with_renamed_functions_takes_over_and_loses_and_doubles_nothing(rollout, newer, ledger):
    database, here, sink = rollout
    old = here.start(ROOT)
    here.sends(old)
    new = here.start(newer) if database == "postgresql" else None
    if new is not None:
        here.sends(old, new)
    codes = [stop(old)]
    new = new or here.start(newer)
    here.sends(new)
    wait_until(lambda: {row.state for row in here.rows() if row.target == INBOX} == {"accepted"})
    codes.append(stop(new))

    made = {row.id for row in here.rows() if row.target == INBOX}
    assert codes == [0, 0]
    assert made <= sink.taken
    assert {key: sink.arrived[key] for key in made if sink.arrived[key] != 1} == {}
    assert here.owners_of_the_new_kind() == {owner(new)}
    ledger.add(
        "I16 a newer version takes over",
        database=database,
        messages=len(made),
        lost=len(made - sink.taken),
        doubles=sum(sink.arrived[key] - 1 for key in made),
        of_a_new_kind=sum(row.kind == NEW_KIND for row in here.rows()),
    )
