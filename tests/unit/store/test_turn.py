"""The turn of the writers: one at a time among threads and among processes."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from kernel.errors import UnavailableError
from store.turn import WriterTurn

HOLD = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_writers_of_one_process_take_turns(tmp_path):
    turn = WriterTurn(tmp_path / "writer.lock")
    inside: list[int] = []
    most: list[int] = []

    def write(number: int) -> None:
        with turn.take():
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(200)))

    assert max(most) == 1
    assert len(most) == 200


def test_a_thread_that_waits_too_long_is_told_that_the_database_is_busy(tmp_path):
    turn = WriterTurn(tmp_path / "writer.lock", patience_s=0.01)

    with turn.take(), pytest.raises(UnavailableError), turn.take():
        raise AssertionError("two writers at once")


def test_the_turn_is_given_back_when_the_writer_fails(tmp_path):
    turn = WriterTurn(tmp_path / "writer.lock", patience_s=0.01)

    with pytest.raises(ValueError, match="broken"), turn.take():
        raise ValueError("broken")

    with turn.take():
        pass


def test_the_turn_is_given_back_when_the_lock_file_cannot_be_made(tmp_path):
    turn = WriterTurn(tmp_path / "missing" / "writer.lock", patience_s=0.01)

    for _ in range(2):
        with pytest.raises(FileNotFoundError), turn.take():
            raise AssertionError("no lock was taken")


def test_a_writer_waits_for_another_process_and_goes_on_when_that_dies(tmp_path):
    path = tmp_path / "writer.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with ThreadPoolExecutor(1) as pool:
            started = time.monotonic()
            waiting = pool.submit(take_and_tell, WriterTurn(path))
            assert not waiting.done()
            other.kill()
            assert waiting.result(timeout=10) >= started


def take_and_tell(turn: WriterTurn) -> float:
    with turn.take():
        return time.monotonic()
