"""Which forms of body the machine doors read and write."""

from flask import Request
from werkzeug.http import parse_options_header

from kernel.errors import SvarbroError
from questionnaires.strict_json import MOST_BYTES

LARGEST_BODY = MOST_BYTES
"""Bytes; no answer to a questionnaire comes near it, but one that holds an attachment."""


class NotAcceptableError(SvarbroError):
    """The caller wants a form that we do not write."""

    status = 406
    issue_code = "not-supported"


class UnsupportedMediaError(SvarbroError):
    """The caller sent a form that we do not read."""

    status = 415
    issue_code = "not-supported"


def demand_readable(request: Request, *media_types: str, most_bytes: int = LARGEST_BODY) -> None:
    """Check that the body is one that we read, and limit its size from here on.

    Args:
        most_bytes: more than usual where it may hold a response with an attachment.

    Raises:
        UnsupportedMediaError: it has another media type, or is compressed.
    """
    request.max_content_length = most_bytes
    media_type, _ = parse_options_header(request.headers.get("Content-Type", ""))
    if media_type.lower() not in media_types:
        raise UnsupportedMediaError(f"Only {' or '.join(sorted(media_types))} is read here.")
    # A compressed body could be a bomb, and an answer to a questionnaire is a few kilobytes.
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaError("A compressed body is not read.")
