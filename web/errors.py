"""The only place where an error becomes an answer, in the form that each door speaks."""

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from kernel.errors import Issue, SvarbroError, ThrottledError, UnauthenticatedError, UnavailableError
from kernel.log import logger
from web.api.problem import issues_of_messages, problem
from web.fhir.outcome import outcome
from web.headers import is_under, request_id
from web.pages import render_problem

log = logger(__name__)
RETRY_AFTER_S = "2"
SERVER_FAULT = 500
"""Statuses from here on are ours to answer for, and show nothing of their cause."""
HOME = Path(__file__).parent.parent
PLAIN_DOORS = ("/api", "/channels", "/oauth", "/.well-known", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of any origin, ready to be written in any form.

    Args:
        status: HTTP status.
        issues: what is wrong; never a foreign library's words.
        headers: that belong to the status, such as `Allow`.
    """

    status: int
    issues: tuple[Issue, ...]
    headers: Mapping[str, str] = field(default_factory=dict)


HTTP_WORDS = {
    400: ("structure", "The request cannot be read."),
    401: ("login", "A bearer token is needed."),
    403: ("forbidden", "This is not allowed."),
    404: ("not-found", "There is nothing at this address."),
    405: ("not-supported", "This address does not take this method."),
    406: ("not-supported", "This form cannot be given."),
    411: ("required", "The length of the body must be told."),
    413: ("too-long", "The body is too large."),
    414: ("too-long", "The address is too long."),
    415: ("not-supported", "This form of body is not read."),
    429: ("throttled", "Too many calls; try again later."),
    431: ("too-long", "The headers are too large."),
}


def init_errors(app: Flask) -> None:
    """Answer every error of this app in the form of the door that was knocked at."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> BaseResponse:
    """Write the answer to an error; an unknown one shows nothing but the number of the call."""
    refusal = _refusal(error)
    _report(error, refusal)
    response = _written(error, refusal)
    response.headers.update(refusal.headers)
    return response


def _refusal(error: Exception) -> Refusal:
    match error:
        case UnauthenticatedError():
            return Refusal(error.status, error.issues, {"WWW-Authenticate": 'Bearer realm="svarbro"'})
        case UnavailableError():
            return Refusal(error.status, error.issues, {"Retry-After": RETRY_AFTER_S})
        case ThrottledError():
            return Refusal(error.status, error.issues, {"Retry-After": str(error.retry_after_s)})
        case SvarbroError():
            return _of_ours(error)
        case HTTPException():
            return _of_http(error)
        case _:
            return _unknown()


def _of_ours(error: SvarbroError) -> Refusal:
    # A fault of our own house (settings, content, a plan that does not answer) is nothing that a caller can use.
    return Refusal(error.status, error.issues) if error.status < SERVER_FAULT else _unknown()


def _of_http(error: HTTPException) -> Refusal:
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        return Refusal(error.code or 422, issues_of_messages(messages))
    if error.code not in HTTP_WORDS:
        return _unknown()
    code, text = HTTP_WORDS[error.code]
    allow = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return Refusal(error.code, (Issue(code, text),), allow)


def _unknown() -> Refusal:
    return Refusal(500, (Issue("exception", f"Something went wrong here. Reference {request_id()}."),))


def _report(error: Exception, refusal: Refusal) -> None:
    route = str(request.url_rule) if request.url_rule else None
    known = {"status": refusal.status, "route": route, "method": request.method, "reference": request_id()}
    if refusal.status < SERVER_FAULT:
        log.info("refused", code=refusal.issues[0].code, **known)
    else:
        log.error("failed", error=_place(error), **known)


def _place(error: Exception) -> str:
    """Say what kind of error it is and where in our code it arose; its words may hold an answer or a name."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(HOME)]
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    where = f" at {Path(ours[-1].filename).relative_to(HOME)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"


def _written(error: Exception, refusal: Refusal) -> BaseResponse:
    if is_under(request.path, "/fhir"):
        return _json(outcome(refusal.issues, reference=request_id()), refusal.status, "application/fhir+json")
    if is_under(request.path, *PLAIN_DOORS):
        body = problem(refusal.status, refusal.issues, reference=request_id())
        return _json(body, refusal.status, "application/problem+json")
    known = error if isinstance(error, SvarbroError | HTTPException) and refusal.status != SERVER_FAULT else None
    return render_problem(known, request_id())


def _json(body: Mapping[str, object], status: int, media_type: str) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=media_type)
