"""Before a request is answered, this process puts in force what another one added to the content."""

from collections.abc import Callable

from flask import Flask, request

PROBES = "operations"
"""Blueprint of the probes: whether the process lives must not hang on the database."""


def init_refresh(app: Flask, refresh: Callable[[], object]) -> None:
    """Look before each request whether content was approved or imported, but for probes and assets.

    Args:
        refresh: compares one number in the database, and reads more only where it changed.
    """

    @app.before_request
    def look() -> None:
        if request.blueprint not in (None, PROBES):
            refresh()
