"""`svarbro worker` as a process: one alone on SQLite, a clean end at SIGTERM, a lease that is refused."""

import os
import subprocess
import sys

import pytest

from cli.prepare import environment_of, free_addresses, prepare
from kernel.settings import Settings
from tests.log_corpus import corpus_dir
from tests.workers import wait_until

PATIENCE_S = 60


@pytest.fixture
def environ(tmp_path, sqlite_url):
    """The settings of a demo installation whose receivers nobody plays."""
    environ = {**os.environ, **environment_of(tmp_path, free_addresses(0, 0)), "SVARBRO_DATABASE_URL": sqlite_url}
    prepare(Settings.from_env(environ), enrol=False)
    return {**environ, "SVARBRO_LOG_DIR": str(corpus_dir() / "worker")}


def start(environ, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "worker"],
        env={**environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_by(process):
    said, _ = process.communicate(timeout=PATIENCE_S)
    return said


def test_a_second_worker_on_sqlite_is_refused_and_the_first_one_ends_cleanly(environ, sqlite_store):
    first = start(environ)
    try:
        wait_until(lambda: beats(sqlite_store) == 1)
        second = start(environ)
        refused = said_by(second)
        first.terminate()
        told, _ = first.communicate(timeout=PATIENCE_S)
    finally:
        first.kill()
        first.wait()

    assert second.returncode == 1
    assert "Another worker runs on this SQLite database" in refused
    assert "Traceback" not in refused
    assert first.returncode == 0
    assert "worker-silent" not in told, "its first beat comes before the first look"
    again = start(environ)
    wait_until(lambda: beats(sqlite_store) == 2)
    again.terminate()
    again.communicate(timeout=PATIENCE_S)
    assert again.returncode == 0


def beats(store):
    with store.queue() as queue:
        return queue.connection.exec_driver_sql("SELECT count(*) FROM heartbeat").scalar_one()


def test_a_worker_does_not_start_with_a_lease_that_its_calls_could_outlive(environ):
    process = start(environ, SVARBRO_LEASE_S="179", SVARBRO_REQUEST_TIMEOUT_S="10")

    said = said_by(process)

    assert process.returncode == 1
    assert "A lease of 179 s is too short: at least 180 s are safe." in said
