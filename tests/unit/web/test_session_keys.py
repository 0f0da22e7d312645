"""The key of sessions is changed under way: who is signed in stays so until the older key is retired."""

import threading
from typing import cast

import pytest
from flask import Flask, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

from security.key_change import with_new_key, without_older_keys
from security.key_file import KeyFile
from security.keys import KeyRing, Keys, read_key_file, write_key_file
from web.session_keys import init_session_keys


@pytest.fixture
def path(tmp_path):
    write_key_file(tmp_path / "keys.json", KeyRing.generate())
    return tmp_path / "keys.json"


@pytest.fixture
def app():
    app = Flask("test")
    app.add_url_rule("/in", "in", view_func=lambda: session.update(who="nancy") or generate_csrf())
    app.add_url_rule("/who", "who", view_func=lambda: session.get("who", "nobody"))
    app.add_url_rule("/do", view_func=lambda: "done", methods=["POST"], endpoint="do")
    return app


@pytest.fixture
def browser(app, path):
    init_session_keys(app, KeyFile(path))
    CSRFProtect(app)
    return app.test_client()


def keys_of(app):
    return (app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"])


class Changing:
    """Another ring whenever somebody looks.

    Args:
        waits: what whoever looks must wait for, once it has looked; the first comes first.
    """

    def __init__(self) -> None:
        self.rings = [KeyRing.generate()]
        self.waits: list[threading.Event] = []
        self.looked = threading.Event()

    @property
    def ring(self):
        ring = with_new_key(self.rings[-1], "session")
        self.rings.append(ring)
        if self.waits:
            waited_for = self.waits.pop(0)
            self.looked.set()
            waited_for.wait()
        return ring

    session_key = property(lambda self: self.ring.session_key)
    older_session_keys = property(lambda self: self.ring.older_session_keys)


def test_the_keys_of_a_call_belong_together(app):
    keys = Changing()
    init_session_keys(app, cast(Keys, keys))

    app.test_client().get("/who")

    assert keys_of(app) in [(ring.session_key, *ring.older_session_keys) for ring in keys.rings]


def test_a_call_that_looked_earlier_puts_no_older_keys_back(app):
    keys, go_on = Changing(), threading.Event()
    init_session_keys(app, cast(Keys, keys))
    earlier, later = (threading.Thread(target=app.test_client().get, args=("/who",)) for _ in range(2))
    keys.waits = [go_on]

    earlier.start()
    keys.looked.wait()
    later.start()
    # It either overtakes, as it must not, or waits for its turn.
    later.join(0.2)
    go_on.set()
    earlier.join()
    later.join()

    assert app.config["SECRET_KEY"] == keys.rings[-1].session_key


def test_a_session_and_an_open_form_outlive_a_new_key_and_end_when_the_older_is_retired(browser, path):
    token = browser.get("/in").text

    write_key_file(path, with_new_key(read_key_file(path), "session"))

    assert browser.get("/who").text == "nancy"
    assert browser.post("/do", data={"csrf_token": token}).text == "done"
    write_key_file(path, without_older_keys(read_key_file(path), "session"))
    assert browser.get("/who").text == "nobody"


def test_what_begins_after_the_change_is_signed_with_the_new_key(browser, path):
    write_key_file(path, with_new_key(read_key_file(path), "session"))
    browser.get("/in")

    write_key_file(path, without_older_keys(read_key_file(path), "session"))

    assert browser.get("/who").text == "nancy"
