"""Pages for everybody: the accessibility statement, which the law wants at `/was`, and help."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.pages import protect


def blueprint() -> Blueprint:
    """Make `/was` and `/help`; nobody needs a session for them, and nothing in them is about a person."""
    pages = Blueprint("statement", __name__)
    pages.before_request(protect)
    pages.add_url_rule("/was", view_func=was)
    pages.add_url_rule("/help", "show_help", show_help)
    return pages


def was() -> ResponseReturnValue:
    """Say how accessible the pages are, what is not, and whom to tell."""
    return render_template("patient/was.html")


def show_help() -> ResponseReturnValue:
    """Say how the form works and what to do when it does not."""
    return render_template("patient/help.html")
