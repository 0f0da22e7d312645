"""Logs: JSON lines by an allow-list of fields."""

import io
import json
import logging

import pytest

from kernel.log import FIELDS, configure_logs, logger


@pytest.fixture
def lines():
    """Configure the logs on a stream and give a reader of its lines."""
    stream = io.StringIO()
    configure_logs("worker", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_process_module_level_time_and_event(lines):
    logger("delivery.retry").info("attempt-failed", attempt=2, status=503)

    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "process": "worker",
        "source": "delivery.retry",
        "level": "info",
        "event": "attempt-failed",
        "attempt": 2,
        "status": 503,
    }


@pytest.mark.parametrize("field", ["body", "name", "cpr", "token", "link", "answer", "url", "settings", "exc_info"])
def test_a_field_that_is_not_on_the_list_is_dropped(lines, field):
    logger("web").warning("refused", **{field: "canary"})

    assert "canary" not in json.dumps(lines())
    assert field not in FIELDS


def test_every_field_on_the_list_is_written(lines):
    given = dict.fromkeys(FIELDS - {"event", "level", "process", "source", "timestamp"}, "x")

    logger("web").info("all", **given)

    assert set(lines()[0]) == FIELDS


def test_a_librarys_own_words_are_not_passed_on(lines):
    logging.getLogger("urllib3").warning("GET %s", "/p/i/canary")

    (line,) = lines()
    assert "canary" not in json.dumps(line)
    assert (line["source"], line["kind"], line["level"]) == ("urllib3", "library", "warning")


def test_a_librarys_error_is_named_without_its_text(lines):
    try:
        int("canary")
    except ValueError:
        logging.getLogger("werkzeug").exception("canary")

    (line,) = lines()
    assert "canary" not in json.dumps(line)
    assert line["error"] == "ValueError"


def test_what_a_library_says_below_warning_is_not_written(lines):
    logging.getLogger("sqlalchemy").info("SELECT canary")

    assert lines() == []


def test_a_library_that_passes_no_real_exception_is_logged_without_one(lines):
    logging.getLogger("asyncio").warning("canary", exc_info=(None, None, None))

    assert "error" not in lines()[0]


def test_logs_go_to_standard_error_unless_told_otherwise(lines, capsys):
    configure_logs("web")

    logger("web").info("started")

    assert json.loads(capsys.readouterr().err)["process"] == "web"


def test_a_line_goes_to_the_standard_error_of_its_moment(capsys, monkeypatch):
    closed = io.StringIO()
    with monkeypatch.context() as earlier:
        earlier.setattr("sys.stderr", closed)
        configure_logs("web")
    closed.close()

    logger("web").info("started")

    assert json.loads(capsys.readouterr().err)["event"] == "started"
