"""The practice system's two targets against the real simulator, over real HTTP."""

from datetime import UTC, date, datetime

import pytest
import requests

from delivery.plans.lps_inbox import LpsInbox
from delivery.plans.lps_note import LpsNote
from delivery.plans.port import ReportedAction, ReportedEscalation, ReportedSuggestion, ReportEvent
from kernel.errors import PlanError
from kernel.ids import SuggestionId
from tests.released import RELEASED

LINK = "http://127.0.0.1:8080/clinic/enrolments/enrolment-1"
TARGETS = [pytest.param(LpsNote, "notes", id="note"), pytest.param(LpsInbox, "inbox", id="inbox")]
SUGGESTION = ReportedSuggestion(
    SuggestionId("suggestion-1"),
    "RED",
    "same-day",
    ("Nye tegn på nervetryk", "Mere smerte"),
    "Ring i dag",
    complete=True,
)


@pytest.fixture
def a_full_report(a_report, a_decision):
    def make(key="report-1", **changes):
        return a_report(**{"decision": a_decision(), "key": key, "package": "LRS", "link": LINK, **changes})

    return make


def made(kind, url, token, timeout_s):
    words = {"note": RELEASED.note} if kind is LpsNote else {}
    return kind(url, token, timeout_s=timeout_s, **words)


def target(simulator, kind):
    return made(kind, simulator.url, "lps-token", 0.5)


def entries(simulator, path):
    held = simulator.get(f"/api/lps/{path}")
    (found,) = held.values()
    return found


def failure(of, report):
    with pytest.raises(PlanError) as caught:
        of.report(report)
    for secret in (report.patient.identifier, report.patient.name, "lps-token"):
        assert secret not in str(caught.value)
    return caught.value


def test_a_decision_becomes_a_note_in_the_patients_record(simulator, a_full_report):
    receipt = target(simulator, LpsNote).report(a_full_report())

    (note,) = entries(simulator, "notes")
    assert (receipt.reference, receipt.duplicate) == (note["reference"], False)
    assert note["text"].splitlines()[0] == "LRS-forløb: svar vurderet 21.11.2026 af Karen Holm."
    assert note["patient"] == {"n": 1, "identifier": "251248-xxxx", "name": "Nancy Berggren"}
    assert (note["author"], note["decisionId"], note["package"]) == ("Karen Holm", "decision-1", "LRS")


def test_without_a_decision_there_is_nothing_to_note(simulator, a_full_report):
    error = failure(target(simulator, LpsNote), a_full_report(decision=None))

    assert error.permanent
    assert entries(simulator, "notes") == []


def test_a_new_answer_reaches_the_inbox_with_the_suggestion_and_a_link(simulator, a_full_report):
    target(simulator, LpsInbox).report(a_full_report(decision=None, suggestion=SUGGESTION))

    (entry,) = entries(simulator, "inbox")
    assert (entry["event"], entry["link"], entry["decision"]) == ("answer", LINK, None)
    assert entry["answers"] == [{"title": "Hverdag med lungesygdom", "answeredAt": "2026-11-20T09:15:00.000Z"}]
    assert entry["suggestion"] == {
        "id": "suggestion-1",
        "colour": "RED",
        "urgency": "same-day",
        "reasons": ["Nye tegn på nervetryk", "Mere smerte"],
        "action": "Ring i dag",
        "complete": True,
    }


@pytest.mark.parametrize(
    ("event", "words"),
    [
        pytest.param(ReportEvent.ANSWER, "Nyt svar", id="answer"),
        pytest.param(ReportEvent.DECISION, "Vurderet", id="decision"),
        pytest.param(ReportEvent.NOT_ANSWERED, "Ikke besvaret", id="not answered"),
        pytest.param(ReportEvent.UNDELIVERED, "Ring til patienten", id="undelivered"),
    ],
)
def test_every_event_is_told_in_words(simulator, a_full_report, event, words):
    target(simulator, LpsInbox).report(a_full_report(event=event, suggestion=SUGGESTION))

    page = requests.get(f"{simulator.url}/lps", timeout=5).text
    assert words in page
    assert LINK in page
    assert entries(simulator, "inbox")[0]["event"] == event


@pytest.mark.parametrize(("kind", "path"), TARGETS)
def test_the_same_key_twice_is_one_entry(simulator, a_full_report, kind, path):
    first, second = (target(simulator, kind).report(a_full_report()) for _ in range(2))

    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.reference == second.reference
    assert len(entries(simulator, path)) == 1
    assert simulator.get("/api/received")[kind.name]["keys"] == {"report-1": {"raw": 2, "accepted": 1}}


@pytest.mark.parametrize(("kind", "path"), TARGETS)
@pytest.mark.parametrize(
    ("behaviour", "maybe_accepted", "taken"),
    [
        pytest.param("503", False, 0, id="unavailable"),
        pytest.param("429", False, 0, id="too many"),
        pytest.param("reset-before", True, 0, id="reset before it was taken"),
        pytest.param("reset-after", True, 1, id="reset after it was taken"),
        pytest.param("slow", True, 1, id="too slow"),
        pytest.param("broken-json", True, 1, id="broken answer"),
        pytest.param("conflict", True, 0, id="same key in hand"),
    ],
)
def test_every_fault_is_sorted_and_the_next_attempt_is_effectively_once(
    simulator, a_full_report, kind, path, behaviour, maybe_accepted, taken
):
    simulator.fail(kind.name, behaviour, seconds=1)

    error = failure(target(simulator, kind), a_full_report())
    before = len(entries(simulator, path))
    receipt = made(kind, simulator.url, "lps-token", 5).report(a_full_report())

    assert (error.permanent, error.maybe_accepted) == (False, maybe_accepted)
    assert before == taken
    assert receipt.duplicate is bool(taken)
    assert len(entries(simulator, path)) == 1


@pytest.mark.parametrize(("kind", "path"), TARGETS)
def test_a_wrong_token_is_tried_again_when_it_is_renewed(simulator, a_full_report, kind, path):
    error = failure(made(kind, simulator.url, "wrong", 2), a_full_report())

    assert (error.permanent, error.http_status) == (False, 401)


@pytest.mark.parametrize(("kind", "path"), TARGETS)
@pytest.mark.parametrize("body", ["[]", "{}", '{"reference": 7}', '{"reference": ""}'])
def test_an_answer_without_a_reference_may_still_have_been_taken(answering, a_full_report, kind, path, body):
    error = failure(made(kind, answering(POST=(body, 201, {})), "lps-token", 2), a_full_report())

    assert (error.permanent, error.maybe_accepted) == (False, True)


NOTE = {
    "key": "k",
    "patient": {"identifier": {"value": "2512489996"}, "name": "Nancy Berggren"},
    "author": "Karen Holm",
    "text": "LRS-forløb",
}


@pytest.mark.parametrize(
    ("path", "changes", "status", "named"),
    [
        pytest.param("notes", None, 400, "no JSON object", id="no object"),
        pytest.param("notes", {"key": "other"}, 422, "idempotency key", id="another key"),
        pytest.param("notes", {"patient": "x"}, 422, "patient", id="patient is a text"),
        pytest.param("notes", {"patient": {"name": "x"}}, 422, "patient", id="no number"),
        pytest.param("notes", {"text": ""}, 422, "text", id="no text"),
        pytest.param("notes", {"text": "x" * 601}, 422, "too long", id="too long"),
        pytest.param("notes", {"text": "om 2512489996"}, 422, "number", id="number"),
        pytest.param("notes", {"text": "om 251248-9996"}, 422, "number", id="number with a hyphen"),
        pytest.param("inbox", {"event": "rumour"}, 422, "event", id="event"),
        pytest.param("inbox", {"event": "answer"}, 422, "link", id="no link"),
    ],
)
def test_what_breaks_the_contract_is_refused_by_name(simulator, path, changes, status, named):
    headers = {"Authorization": "Bearer lps-token", "Idempotency-Key": "k"}
    body = [] if changes is None else NOTE | changes

    answer = requests.post(f"{simulator.url}/lps/v1/{path}", json=body, headers=headers, timeout=5)

    assert answer.status_code == status
    assert named in answer.json()["error"]
    assert "2512489996" not in answer.text


def test_a_note_of_exactly_600_characters_is_taken(simulator):
    headers = {"Authorization": "Bearer lps-token", "Idempotency-Key": "k"}

    body = NOTE | {"text": "x" * 600}
    assert requests.post(f"{simulator.url}/lps/v1/notes", json=body, headers=headers, timeout=5).status_code == 201


def test_the_record_of_a_patient_holds_its_notes_and_its_inbox(simulator, a_full_report, a_decision):
    action = ReportedAction("Fysioterapi", date(2026, 12, 1))
    target(simulator, LpsNote).report(a_full_report(decision=a_decision(actions=(action,))))
    target(simulator, LpsInbox).report(a_full_report("report-2", suggestion=SUGGESTION, decision=None))

    page = requests.get(f"{simulator.url}/lps/patients/1", timeout=5).text
    assert "Plan: Fysioterapi (senest 01.12.2026)." in page
    assert "Forslag: rød, samme dag" in page
    assert "251248-xxxx" in page
    assert requests.get(f"{simulator.url}/lps/patients/2", timeout=5).status_code == 404


@pytest.mark.parametrize("path", ["/lps", "/lps/patients/1", "/api/lps/inbox", "/api/lps/notes", "/"])
def test_no_page_and_no_endpoint_without_a_token_shows_a_cpr_number(simulator, a_full_report, path):
    target(simulator, LpsNote).report(a_full_report())
    target(simulator, LpsInbox).report(a_full_report("report-2"))

    text = requests.get(simulator.url + path, timeout=5).text
    assert "2512489996" not in text
    assert "251248-9996" not in text


def test_a_red_that_waits_reaches_the_inbox_with_the_person_who_is_to_act(simulator, a_full_report):
    waits = ReportedEscalation(datetime(2026, 11, 20, 7, 0, tzinfo=UTC), "not-decided", "Lise Holm, læge")
    report = a_full_report(event=ReportEvent.ESCALATION, escalation=waits, suggestion=SUGGESTION, decision=None)
    target(simulator, LpsInbox).report(report)

    (entry,) = entries(simulator, "inbox")
    assert (entry["event"], entry["refusedBy"]) == ("escalation", [])
    assert entry["escalation"] == {
        "since": "2026-11-20T07:00:00.000Z", "why": "not-decided", "person": "Lise Holm, læge",
    }  # fmt: skip
    assert "Et rødt svar venter på en vurdering" in requests.get(f"{simulator.url}/lps", timeout=5).text


def test_the_wish_to_be_contacted_reaches_the_inbox_in_words(simulator, a_full_report):
    wished = datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    target(simulator, LpsInbox).report(a_full_report(suggestion=SUGGESTION, decision=None, contact_wished_at=wished))
    target(simulator, LpsInbox).report(a_full_report("report-2"))

    assert [entry["contactWishedAt"] for entry in entries(simulator, "inbox")] == [None, "2026-11-20T09:15:00.000Z"]
    assert requests.get(f"{simulator.url}/lps", timeout=5).text.count("Patienten ønsker at blive kontaktet") == 1


def test_a_report_that_was_refused_reaches_the_inbox_with_who_refused_it(simulator, a_full_report):
    target(simulator, LpsInbox).report(a_full_report(event=ReportEvent.REFUSED, refused_by=("flp",)))

    (entry,) = entries(simulator, "inbox")
    assert (entry["event"], entry["escalation"], entry["refusedBy"]) == ("refused", None, ["flp"])
    assert "ikke modtaget af flp" in requests.get(f"{simulator.url}/lps", timeout=5).text
