"""One log line per call: the route's pattern, never its path or query, because a path can hold a personal link."""

import time

from flask import Flask, Response, g, request

from kernel.log import logger
from web.headers import request_id

log = logger(__name__)


def init_access_log(app: Flask) -> None:
    """Log every call of this app when it is answered."""

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        log.info(
            "handled",
            method=request.method,
            route=request.url_rule.rule if request.url_rule else "none",
            status=response.status_code,
            duration_ms=round(1000 * (time.monotonic() - g.began)),
            request_id=request_id(),
        )
        return response
