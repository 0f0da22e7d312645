"""The PostgreSQL of the full form: one server, and a copy of the prepared database for each service."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.databases import DISCONNECT_OTHERS, run
from tests.postgres import running_postgres


@dataclass(frozen=True, slots=True)
class CountedServer:
    """A server whose CPU time can be counted.

    Args:
        pid: of its first process.
        socket_dir: where it listens.
    """

    pid: int
    socket_dir: str

    def url(self, database: str) -> str:
        """Return the URL of one database."""
        return f"postgresql://postgres@/{database}?host={self.socket_dir}"


@contextmanager
def counted_server() -> Iterator[CountedServer]:
    """Run a server with an empty database `bench` for the block."""
    with running_postgres() as server:
        url = server.url("postgres")
        run(url, "CREATE DATABASE bench TEMPLATE template0")
        home = url.partition("host=")[2]
        with open(f"{home}/data/postmaster.pid", encoding="ascii") as file:
            pid = int(file.readline())
        yield CountedServer(pid, home)


def copies(server: CountedServer, template: str, names: Sequence[str]) -> Mapping[str, str]:
    """Copy a database that nobody uses under each name; return their URLs."""
    run(server.url(template), DISCONNECT_OTHERS)
    for name in names:
        run(server.url("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return {name: server.url(name) for name in names}
