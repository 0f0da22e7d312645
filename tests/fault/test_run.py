"""`svarbro run` for real: it becomes ready, and one signal ends it and all its processes."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
import requests

from tests.log_corpus import corpus_dir


def is_answered(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=2).ok
    except requests.RequestException:
        return False


IN_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""What a script begins in the background is told to ignore Ctrl-C; this begins a command in the same way."""


def wait(condition, patience_s: float = 60.0) -> bool:
    end = time.monotonic() + patience_s
    while not (held := condition()) and time.monotonic() < end:
        time.sleep(0.2)
    return bool(held)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_one_signal_ends_the_stack_also_where_a_script_began_it_in_the_background(tmp_path, number):
    told = tmp_path / "told.txt"
    more = {"SVARBRO_INSTANCE_DIR": str(tmp_path / "instance"), "SVARBRO_LOG_DIR": str(corpus_dir() / "run")}
    with told.open("w") as out:
        process = subprocess.Popen(
            [*IN_BACKGROUND, sys.executable, "-u", "-m", "cli", "run", "--port", "8480", "--simulator-port", "8481"],
            env={**os.environ, **more},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        assert wait(lambda: "patient's phone" in told.read_text()), told.read_text()
        addresses = set(re.findall(r"http://[0-9a-z.]+:[0-9]+", told.read_text()))
        process.send_signal(number)
        code = process.wait(timeout=30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    assert code == 0
    assert addresses
    assert wait(lambda: not any(is_answered(address) for address in addresses), 5)
    assert told.read_text().rstrip().endswith("Stopped.")
