"""Gunicorn as a library: the one web server, for the service and for the simulator."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Serves one Flask application until it is told to stop.

    Its access log stays off: it would write paths, and a path can hold a personal link.

    Args:
        make_app: called in the serving process, after the fork, so that no connection is shared.
        address: `host:port`.
        threads: requests handled at once by each process.
        processes: 1 on SQLite.
    """

    def __init__(self, make_app: Callable[[], Flask], address: str, *, threads: int = 8, processes: int = 1) -> None:
        self._make_app = make_app
        self._options: dict[str, Any] = {
            "bind": address,
            "worker_class": "gthread",
            "workers": processes,
            "threads": threads,
            "timeout": 60,
            "graceful_timeout": 10,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take our options instead of the command line."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application in the serving process."""
        return self._make_app()
