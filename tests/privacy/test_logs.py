"""No log line of the whole suite holds a CPR number, name, answer or token. `tests/conftest.py` runs this file last."""

import logging

import pytest

from tests.log_corpus import corpus_dir
from tests.privacy.scan import PERSONS, findings, log_lines


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("patient 2512489996 enrolled", "CPR number"),
        ("patient 251248-9996 enrolled", "CPR number"),
        ("hello Nancy", "name"),
        ('{"valueCoding": {"code": "3"}}', "answer"),
        ("GET /p/i/b3Blbi1zZXNhbWU-open", "token"),
        ("Authorization: Bearer abcdefgh12345", "token"),
    ],
)
def test_the_search_finds_what_it_looks_for(line, found):
    assert found in findings(line)


@pytest.mark.parametrize(
    "line",
    [
        '{"event": "accepted", "message_id": "01a1f8b4-e3de-76b0-9034-4651936d6248", "status": 200}',
        "2026-11-20 11:26:07,413 INFO alembic Running upgrade -> 0001_first",
        '{"route": "/p/i/<token>", "status": 303}',
        '{"request_id": "01a1f8de-ff69-7219-9444-a1212993455b"}',
    ],
)
def test_the_search_passes_what_a_log_may_hold(line):
    assert findings(line) == ()


def test_no_log_line_of_the_whole_suite_holds_a_number_name_answer_or_token(request):
    logging.getLogger("tests.privacy").warning("the log of this suite is searched now")

    lines = list(log_lines(corpus_dir()))

    leaks = [f"{path.name}:{number}: {', '.join(findings(text))}" for path, number, text in lines if findings(text)]
    assert leaks == []
    assert lines, "the suite writes a log"
    if any("tests/fault" in str(item.path) for item in request.session.items):
        written = {path.stem for path, _, _ in lines}
        assert {"web", "worker"} <= written, "the processes of the fault tests log too"


def test_every_test_person_is_searched_for():
    assert all(findings(number) and findings(name) for number, name in PERSONS.items())
