"""T19: clients that send slowly hold up nginx and not us; an honest call among them is answered.

Needs Debian's nginx (`SVARBRO_TEST_NGINX` names another one); with `SVARBRO_REQUIRE_NGINX` its absence fails.
"""

import os
import resource
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from cli.processes import free_port
from tests.installation import Installation, installed
from tests.proof.extent import extent

NGINX = os.environ.get("SVARBRO_TEST_NGINX") or shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
EDGE = Path(__file__).parents[3] / "deploy" / "nginx-edge.conf"
SLOW = extent(60, 1000)
"""Clients that send a byte a second of a body that never ends."""
PATIENCE_S = 60
ATTACKED = "/oauth/token"
HONEST = "/clinic/login"
HEAD = (
    f"POST {ATTACKED} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
)
CONFIGURATION = """
worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log; daemon off; master_process off; user root;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f;
    uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
    upstream svarbro {{ server 127.0.0.1:{behind}; keepalive 32; }}
    server {{ listen 127.0.0.1:{port} backlog=4096; include {edge}; }}
}}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory, migrated_sqlite) -> Iterator[Installation]:
    """Run the service as it is installed."""
    directory = tmp_path_factory.mktemp("slow")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    with installed(directory, f"sqlite:///{directory / 'svarbro.sqlite'}", "slow") as place:
        yield place


@pytest.fixture(scope="module")
def nginx(place, tmp_path_factory) -> Iterator[str]:
    """Run nginx with our snippet in front of it; provide its address."""
    if NGINX is None:
        if os.environ.get("SVARBRO_REQUIRE_NGINX"):
            pytest.fail("no nginx found: install it, or name one in SVARBRO_TEST_NGINX")
        pytest.skip("no nginx found: install it, or name one in SVARBRO_TEST_NGINX")
    # A thousand clients, and both ends of nginx, are more open files than a shell gives out unasked.
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    home, port = tmp_path_factory.mktemp("nginx"), free_port(0)
    configuration = home / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(home=home, behind=place.addresses.web_port, port=port, edge=EDGE), encoding="ascii"
    )
    process = subprocess.Popen([NGINX, "-p", str(home), "-e", str(home / "error.log"), "-c", str(configuration)])
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def wait_for(address: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            requests.get(address + HONEST, timeout=PATIENCE_S)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("nginx does not answer")


@contextmanager
def slow_clients(address: str) -> Iterator[list[socket.socket]]:
    """Let many clients begin a body and send a byte of it each second, as long as the block lasts."""
    host, port = address.removeprefix("http://").split(":")
    stop = threading.Event()
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection((host, int(port)), PATIENCE_S)) for _ in range(SLOW)]
        for client in clients:
            client.sendall(HEAD.encode("ascii"))

        def drip() -> None:
            while not stop.wait(1):
                for client in clients:
                    client.sendall(b"a")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            yield clients
        finally:
            stop.set()
            dripping.join()


def is_answered(address: str, patience_s: float) -> bool:
    try:
        return requests.get(address + HONEST, timeout=patience_s).ok
    except requests.Timeout:
        return False


def test_slow_clients_alone_in_front_of_the_service_take_every_thread(place):
    with slow_clients(place.addresses.web):
        assert not is_answered(place.addresses.web, 3)


def test_behind_nginx_every_honest_call_is_answered_meanwhile(nginx):
    with slow_clients(nginx) as clients:
        answered = [is_answered(nginx, PATIENCE_S) for _ in range(20)]

        # The slow ones were there all the time: none was answered or thrown out.
        for client in clients:
            client.settimeout(0)
            with pytest.raises(BlockingIOError):
                client.recv(1)

    assert answered == [True] * 20


def test_what_is_for_the_operator_is_not_there_for_the_world(nginx):
    assert {requests.get(nginx + path, timeout=PATIENCE_S).status_code for path in ("/metrics", "/readyz")} == {404}


def test_nginx_writes_no_path_down(nginx, tmp_path_factory):
    requests.get(f"{nginx}/p/i/secret-of-a-link", timeout=PATIENCE_S)
    home = tmp_path_factory.getbasetemp()

    assert not [file for file in home.glob("nginx*/**/*") if file.is_file() and b"secret-of" in file.read_bytes()]
