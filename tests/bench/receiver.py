"""A receiver in a process of its own that takes everything after a fixed time, and costs as little as it can."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection

TAKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{"reference":"r-1"}'
END_OF_HEADERS, LENGTH = b"\r\n\r\n", b"content-length:"
FORK = get_context("fork")


@contextmanager
def receiver(delay_s: float) -> Iterator[str]:
    """Run it for the block, and yield its address: it must not share the interpreter of what is measured."""
    heard, said = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_serve, args=(said, delay_s), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{heard.recv()}"
    finally:
        process.kill()
        process.join()


def _serve(said: Connection, delay_s: float) -> None:
    asyncio.run(_take_all(said, delay_s))


async def _take_all(said: Connection, delay_s: float) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(END_OF_HEADERS)).lower()
                await reader.readexactly(int(head.partition(LENGTH)[2].split(b"\r\n", 1)[0]))
                await asyncio.sleep(delay_s)
                writer.write(TAKEN)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    said.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()
