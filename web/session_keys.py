"""Session cookies and form tokens are signed with the key of the moment; what an older key signed still counts."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from security.keys import Keys


def init_session_keys(app: Flask, keys: Keys) -> None:
    """Give the application its keys before each call: an operator may have changed them meanwhile."""
    serve: Callable[..., Iterable[bytes]] = app.wsgi_app
    _give(app, keys)

    def with_keys(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _give(app, keys)
        return serve(environ, start_response)

    app.wsgi_app = with_keys  # type: ignore[method-assign]  # Flask's documented place for what runs before a session opens


def _give(app: Flask, keys: Keys) -> None:
    older = list(keys.older_session_keys)
    app.config.update(
        SECRET_KEY=keys.session_key,
        SECRET_KEY_FALLBACKS=older,
        # The signer takes a list: the last one signs, every one verifies.
        WTF_CSRF_SECRET_KEY=[*reversed(older), keys.session_key],
    )
