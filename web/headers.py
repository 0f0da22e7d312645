"""What every answer carries: security headers, and the number by which a call can be found again."""

import re

from flask import Flask, Response, g, request

from kernel.ids import new_id

MACHINE_DOORS = ("/fhir", "/api", "/channels", "/oauth", "/.well-known", "/healthz", "/readyz", "/metrics")
SAME_FOR_ALL = ("/static", "/assets")
"""Files of ours that hold no data; a browser may keep them."""
MACHINE_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Browsers ignore it over plain HTTP; in production TLS ends in front of us, so we cannot tell and always send it.
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
CLEARED = {"Clear-Site-Data": '"cache", "storage"'}
"""Nothing of what was seen stays in the browser of whoever signs out; the cookie of the session goes by itself."""
LEAVING = frozenset({"clinic.sign_out"})
UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
LIKE_A_CPR_NUMBER = re.compile(r"\d{6}-?\d{4}")


def init_headers(app: Flask) -> None:
    """Give every answer of this app its headers."""
    app.after_request(_with_headers)


def is_under(path: str, *doors: str) -> bool:
    """Whether a path lies behind one of these doors, such as `/fhir`."""
    return any(path == door or path.startswith(f"{door}/") for door in doors)


def request_id() -> str:
    """Return the number of the current call: the caller's own where it is safe to repeat, else a new one."""
    if "request_id" not in g:
        offered = request.headers.get("X-Request-Id", "")
        g.request_id = offered if _is_safe(offered) else new_id()
    return str(g.request_id)


def _is_safe(offered: str) -> bool:
    if UUID.fullmatch(offered):
        return True
    # The number reaches logs and error answers, so nothing that could be a CPR number is repeated.
    return SAFE_ID.fullmatch(offered) is not None and LIKE_A_CPR_NUMBER.search(offered) is None


def _with_headers(response: Response) -> Response:
    machine = is_under(request.path, *MACHINE_DOORS)
    wanted = {**ALWAYS, "Content-Security-Policy": MACHINE_POLICY if machine else PAGE_POLICY}
    if not is_under(request.path, *SAME_FOR_ALL):
        wanted["Cache-Control"] = "no-store"
    if request.endpoint in LEAVING:
        wanted |= CLEARED
    # Each `setdefault` would walk all headers; what a view has set itself stays.
    known = {name.lower() for name, _ in response.headers}
    for name, value in wanted.items():
        if name.lower() not in known:
            response.headers.add(name, value)
    response.headers["X-Request-Id"] = request_id()
    return response
