"""The search of the logs finds what it looks for; `tests/log_search.py` runs it when every test has run."""

from pathlib import Path

import pytest

from tests.log_corpus import PLANTED, corpus_dir, log_of, this_process
from tests.privacy.scan import PERSONS, WRITERS, Search, findings, search


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


def corpus(directory, **logs):
    for name, lines in logs.items():
        (directory / f"{name.replace('_', '-')}.log").write_text("\n".join(lines), encoding="utf-8")
    return directory


def test_a_search_that_finds_nothing_else_than_what_was_planted_finds_no_fault(tmp_path):
    corpus(tmp_path, pytest_gw0=["INFO begun", f"WARNING {PLANTED}"], pytest_gw1=[f"WARNING {PLANTED}", "INFO done"])

    found = search(tmp_path, {"gw0": {"tests/unit/a.py::b"}, "gw1": {"tests/unit/c.py::d"}})

    assert found == Search(files=2, lines=4, faults=())


def test_a_leak_is_named_by_file_and_line_and_never_by_what_it_says(tmp_path):
    corpus(tmp_path, pytest_alone=[PLANTED], web=["served", "hello Nancy 2512489996"])

    found = search(tmp_path, {"alone": {"tests/unit/a.py::b"}})

    assert found.faults == ("web.log:2: CPR number, name",)


@pytest.mark.parametrize("written", [[], ["INFO begun"]], ids=["no line", "nothing planted"])
def test_a_process_whose_log_was_not_searched_is_a_fault(tmp_path, written):
    corpus(tmp_path, pytest_gw0=[PLANTED], pytest_gw1=written)

    found = search(tmp_path, {"gw0": {"tests/unit/a.py::b"}, "gw1": {"tests/unit/c.py::d"}})

    assert found.faults == ("pytest-gw1.log was not searched",)


def test_an_empty_corpus_is_a_fault(tmp_path):
    assert search(tmp_path, {"alone": {"tests/unit/a.py::b"}}).faults == ("pytest-alone.log was not searched",)


def test_processes_that_a_test_started_must_have_written_logs(tmp_path):
    corpus(tmp_path, pytest_gw0=[PLANTED], web=["served"], worker=[])

    found = search(tmp_path, {"gw0": {"tests/fault/test_kill.py::test_that"}})

    assert found.faults == ("no log of worker was found",)


def test_this_process_has_planted_what_the_search_must_find():
    with (corpus_dir() / log_of(this_process())).open(encoding="utf-8") as log:
        assert PLANTED in log.readline()


def test_the_tests_that_must_have_written_logs_are_there():
    assert all(Path(place).exists() for place in WRITERS)


def test_every_test_person_is_searched_for():
    assert all(findings(number) and findings(name) for number, name in PERSONS.items())
