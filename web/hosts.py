"""Calls that name a host which is not ours are not answered, so that nobody can have us speak in another's name."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, request

from kernel.errors import MisdirectedError

OWN = frozenset({"127.0.0.1", "localhost", "::1"})
"""What the machine's own probes call it."""


def init_hosts(app: Flask, public_url: str, more: Iterable[str]) -> None:
    """Answer calls to the host of the public address alone.

    Args:
        more: other names, in small letters and without a port.
    """
    known = {*OWN, *more, (urlsplit(public_url).hostname or "").lower()}

    @app.before_request
    def look() -> None:
        if urlsplit(f"//{request.host}").hostname not in known:
            raise MisdirectedError("There is no such host here.")
