"""What every post of the patient's pages around the form must bring: a visit and our token."""

from flask import request, session

from kernel.errors import UnauthenticatedError
from web.pages import protect
from web.visit import KEY


def guard() -> None:
    """Refuse a post without a visit before its token is looked at: the patient must open the link again.

    Raises:
        UnauthenticatedError: no personal link was opened in this browser.
        CSRFError: the token is missing, foreign or from an ended session.
    """
    if request.method == "POST" and KEY not in session:
        raise UnauthenticatedError("No personal link was opened in this browser.")
    protect()
