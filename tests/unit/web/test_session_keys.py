"""The key of sessions is changed under way: who is signed in stays so until the older key is retired."""

import pytest
from flask import Flask, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

from security.key_change import with_new_key, without_older_keys
from security.key_file import KeyFile
from security.keys import KeyRing, read_key_file, write_key_file
from web.session_keys import init_session_keys


@pytest.fixture
def path(tmp_path):
    write_key_file(tmp_path / "keys.json", KeyRing.generate())
    return tmp_path / "keys.json"


@pytest.fixture
def browser(path):
    app = Flask("test")
    app.add_url_rule("/in", "in", view_func=lambda: session.update(who="nancy") or generate_csrf())
    app.add_url_rule("/who", "who", view_func=lambda: session.get("who", "nobody"))
    app.add_url_rule("/do", view_func=lambda: "done", methods=["POST"], endpoint="do")
    init_session_keys(app, KeyFile(path))
    CSRFProtect(app)
    return app.test_client()


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
