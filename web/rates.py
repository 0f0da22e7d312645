"""Which doors count their callers, and how: calls before they are answered, refusals before they are told."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flask import Flask, Response, request, session
from werkzeug.wrappers import Response as BaseResponse

from kernel.errors import ThrottledError, UnauthenticatedError, UnavailableError
from security.rates import Rate, source_of
from web.auth import GUARDED
from web.clinic.staff import TOKEN as SESSION
from web.errors import answer
from web.headers import is_under
from web.visit import KEY

Limit = Callable[[Rate, str], None]

LINKS = Rate("links", 300)
"""Many patients stand behind one address of a mobile operator, and are written to in the same hour."""
SIGN_INS = Rate("sign-ins", 60)
TOKENS = Rate("tokens", 600)
"""One integrator may sign in for hundreds of clinics, each every five minutes."""
FORMS = Rate("forms", 240)
CALLS: Mapping[str, Rate] = MappingProxyType(
    {
        "patient.open_link": LINKS,
        "patient.open_proven": LINKS,
        "citizen.leave": LINKS,
        "citizen.come_back": LINKS,
        "clinic.sign_in": SIGN_INS,
        "clinic.leave": SIGN_INS,
        "clinic.come_back": SIGN_INS,
        "clinic.open_launched": SIGN_INS,
        "oauth.authorize": SIGN_INS,
        "oauth.token": TOKENS,
    }
)
"""Endpoint -> how many calls of one source."""
PAGES = ("patient", "citizen", "clinic")
"""Blueprints whose forms count for the visit or the session that posts them."""
WRONG_LINKS = Rate("wrong-links", 10)
WRONG_SIGN_INS = Rate("wrong-sign-ins", 20)
WRONG_TOKENS = Rate("wrong-tokens", 60)
WRONG_SIGNATURES = Rate("wrong-signatures", 60)
REFUSALS: Mapping[str, Rate] = MappingProxyType(
    {
        "patient.open_link": WRONG_LINKS,
        "patient.open_proven": WRONG_LINKS,
        "citizen.come_back": WRONG_LINKS,
        "clinic.sign_in": WRONG_SIGN_INS,
        "clinic.come_back": WRONG_SIGN_INS,
        "clinic.open_launched": WRONG_SIGN_INS,
        "oauth.token": WRONG_TOKENS,
        "channels.events": WRONG_SIGNATURES,
    }
)
"""Endpoint -> how many refusals of one source; whoever is right is never held up by who guesses from the same."""
REFUSED = frozenset({401, 403, 404})


def init_rates(app: Flask, limit: Limit) -> None:
    """Count callers at the doors where guessing or flooding pays.

    Args:
        limit: counts one call, and raises ThrottledError.
    """

    @app.before_request
    def count_call() -> None:
        if rate := CALLS.get(request.endpoint or ""):
            limit(rate, _source())
        elif request.method == "POST" and request.blueprint in PAGES:
            limit(FORMS, _visitor())

    @app.after_request
    def count_refusal(response: Response) -> BaseResponse:
        try:
            if rate := _rate_of_refusal(response.status_code):
                limit(rate, _source())
        except ThrottledError as error:
            return answer(error)
        except UnavailableError:
            # The refusal stands, counted or not.
            return response
        return response


def _rate_of_refusal(status: int) -> Rate | None:
    if status == UnauthenticatedError.status and is_under(request.path, *GUARDED):
        return WRONG_TOKENS
    return REFUSALS.get(request.endpoint or "") if status in REFUSED else None


def _source() -> str:
    return source_of(request.remote_addr)


def _visitor() -> str:
    """Tell who posts: this visit or session; without either, the source."""
    visit, token = session.get(KEY), session.get(SESSION)
    if token:
        return f"staff {token}"
    return f"visit {visit[1]}" if visit else _source()
