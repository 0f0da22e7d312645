"""The edge of the application: whose host it answers to, how large a call may be, and whose address counts."""

from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from kernel.settings import Settings
from web.hosts import init_hosts
from web.media import LARGEST_BODY
from web.rates import Limit, init_rates


class SignedSessions(SecureCookieSessionInterface):
    """Flask's sessions, signed with HMAC-SHA-256 where Flask itself takes SHA-1."""

    digest_method = staticmethod(sha256)


def guard_edge(app: Flask, settings: Settings, limit: Limit) -> None:
    """Answer our own hosts alone, read no large body, and let nobody call too often.

    Args:
        limit: counts one call, and raises ThrottledError; not asked where the settings say so.
    """
    # Doors that read more, or less, say so themselves.
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY)
    app.session_interface = SignedSessions()
    init_hosts(app, settings.public_url, settings.hosts)
    if settings.rates:
        init_rates(app, limit)
    if settings.proxies:
        # Of what a proxy says only the caller's address is believed: nothing here is made of host or scheme.
        behind = ProxyFix(app.wsgi_app, settings.proxies, 0, 0, 0, 0)
        app.wsgi_app = behind  # type: ignore[method-assign]  # Flask's documented place for what wraps an application
