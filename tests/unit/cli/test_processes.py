import socket

import pytest

from cli.processes import ProcessError, Processes, free_port


def test_a_port_in_use_is_replaced_by_the_next_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        found = free_port(port)

    assert port < found < port + 100


def test_port_zero_gives_any_free_port():
    assert free_port(0) > 1024


def test_a_process_that_ends_by_itself_is_named_with_its_exit_code(tmp_path):
    with Processes({}, tmp_path) as processes:
        processes.start("broken", "no-such-command")

        with pytest.raises(ProcessError, match="broken ended with exit code 2"):
            processes.wait_for("broken", "http://127.0.0.1:9/")

    assert "no-such-command" in (tmp_path / "broken.log").read_text()
