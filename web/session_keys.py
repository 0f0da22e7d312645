"""Session cookies and form tokens are signed with the key of the moment; what an older key signed still counts."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from flask import Flask

from kernel.errors import UnavailableError
from security.keys import Keys


def init_session_keys(app: Flask, keys: Keys) -> None:
    """Give the application its keys before each call: an operator may have changed them meanwhile."""
    serve: Callable[..., Iterable[bytes]] = app.wsgi_app
    turn = threading.Lock()
    _give(app, keys)

    def with_keys(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # One after another: whoever looked earlier must not put back what a later one has replaced.
        # Where changed keys cannot be opened now, whatever needs them is told so later, at its own door.
        with turn, suppress(UnavailableError):
            _give(app, keys)
        return serve(environ, start_response)

    app.wsgi_app = with_keys  # type: ignore[method-assign]  # Flask's documented place for what runs before a session opens


def _give(app: Flask, keys: Keys) -> None:
    ring = keys.ring
    older = list(ring.older_session_keys)
    app.config.update(
        SECRET_KEY=ring.session_key,
        SECRET_KEY_FALLBACKS=older,
        # The signer takes a list: the last one signs, every one verifies.
        WTF_CSRF_SECRET_KEY=[*reversed(older), ring.session_key],
    )
