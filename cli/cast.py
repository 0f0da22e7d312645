"""The demo's second act: both packages, a danger answer, somebody who does not answer, and a record note."""

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from cli.answers import mild_items
from cli.seed import TEST_PERSONS
from cli.story import Story, StoryError, response_to

COMORBID, DANGER, SILENT = TEST_PERSONS[1], TEST_PERSONS[2], TEST_PERSONS[3]


def enrol_in_both(story: Story) -> str:
    """A patient with COPD and low back pain is enrolled in both packages, to start tomorrow."""
    start = _today(story) + timedelta(days=1)
    ids = [_enrolled(story, COMORBID, package, start) for package in ("KOL", "LRS")]
    story.facts["both"] = dict(zip(("KOL", "LRS"), ids, strict=True))
    return f"enrolments {ids[0]} and {ids[1]}"


def invite_once(story: Story) -> str:
    """One invitation asks for both packages, and what they share is asked once."""
    story.travel(days=1)
    message = story.wait("the message", lambda: next(iter(story.messages(COMORBID[1])), None))
    story.facts["both-message"] = message
    names = [form["questionnaire"].rpartition("/")[2].partition("|")[0] for form in message["forms"]]
    if len(set(names)) != len(names) or not {"kol-status", "lrs-flags"} <= set(names):
        raise StoryError(f"the forms of both packages were expected, once each: {names}")
    if len(story.messages(COMORBID[1])) != 1:
        raise StoryError("more than one invitation went out")
    return ", ".join(names)


def answer_both(story: Story) -> str:
    """Everything is answered in the app: mild COPD, and a back that worries."""
    worse = {"mrc-1": "2", "startback-5": True, "startback-6": True}
    answered = _answer_all(story, story.facts["both-message"], worse)
    return f"{answered} questionnaires by signed webhook"


def decide_level(story: Story) -> str:
    """The COPD is decided at level 3: the next questionnaires come after three months."""
    before = _enrolment(story, story.facts["both"]["KOL"])["nextDueAt"]
    _decide(story, story.facts["both"]["KOL"], {"colour": "YELLOW", "level": 3, "reason": "Aftalt med patienten."})
    after = _enrolment(story, story.facts["both"]["KOL"])["nextDueAt"]
    if not after < before:
        raise StoryError("level 3 did not bring the next questionnaires nearer")
    return f"next on {after[:10]}, before it was {before[:10]}"


def write_note(story: Story) -> str:
    """The back pain is decided, and the practice system gets a note for the record."""
    _decide(story, story.facts["both"]["LRS"], {"colour": "YELLOW", "level": 2, "reason": "Træning aftalt."})

    def note() -> Any:
        notes = story.call("GET", f"{story.simulator}/api/lps/notes").json()["notes"]
        return next((one for one in notes if one["patient"]["name"] == COMORBID[1]), None)

    text: str = story.wait("the record note", note)["text"]
    if len(text) > 600 or COMORBID[0] in text:
        raise StoryError("the note is too long, or names the number of its patient")
    return text.splitlines()[0]


def answer_danger(story: Story) -> str:
    """A danger answer alerts the clinic's inbox at once, although the rest is unanswered."""
    story.facts["danger"] = _enrolled(story, DANGER, "KOL", None)
    message = story.wait("the message", lambda: next(iter(story.messages(DANGER[1])), None))
    form = next(form for form in message["forms"] if "/kol-status|" in form["questionnaire"])
    _answer(story, message, form, {"kol-status-1": True})

    def alert() -> Any:
        entries = story.inbox(DANGER[1], "answer")
        return next((one for one in entries if one["suggestion"]["urgency"] == "emergency"), None)

    entry = story.wait("the alert in the inbox", alert)
    suggestion = entry["suggestion"]
    return f"{suggestion['colour']}, {suggestion['urgency']}: {suggestion['reasons'][0]}"


def decide_otherwise(story: Story) -> str:
    """The doctor has called the patient and decides another colour than suggested, with a reason."""
    body = {"colour": "YELLOW", "level": 2, "reason": "Ringet op: svarede ja ved en fejl."}
    decision = _decide(story, story.facts["danger"], body)
    plan = story.wait("the decision in the plan", lambda: _holds(_plan(story, story.facts["danger"]), decision["id"]))
    return f"decision {decision['id']}, plan version {len(plan['versions'])}"


def miss_the_deadline(story: Story) -> str:
    """Somebody does not answer: after three weeks the inbox says so, and nothing is guessed."""
    story.facts["silent"] = _enrolled(story, SILENT, "LRS", None)
    story.wait("the message", lambda: story.messages(SILENT[1]))
    story.travel(days=22)
    story.wait("'not answered' in the inbox", lambda: story.inbox(SILENT[1], "not-answered"))
    if "suggestionId" in _enrolment(story, story.facts["silent"]):
        raise StoryError("somebody who answered nothing has a suggestion")
    return "ikke besvaret"


def _today(story: Story) -> date:
    message_at: str = story.facts["message"]["receivedAt"]
    return date.fromisoformat(message_at[:10])


def _enrolled(story: Story, person: tuple[str, str], package: str, start: date | None) -> str:
    body = {"identifier": person[0], "name": person[1], "package": package}
    body |= {"start": start.isoformat()} if start else {}
    enrolment_id: str = story.call("POST", f"{story.web}/api/v1/enrolments", json=body).json()["id"]
    return enrolment_id


def _enrolment(story: Story, enrolment_id: str) -> dict[str, Any]:
    state: dict[str, Any] = story.call("GET", f"{story.web}/api/v1/enrolments/{enrolment_id}").json()
    return state


def _answer_all(story: Story, message: Mapping[str, Any], worse: Mapping[str, Any]) -> int:
    for form in message["forms"]:
        _answer(story, message, form, worse)
    return len(message["forms"])


def _answer(story: Story, message: Mapping[str, Any], form: dict[str, str], worse: Mapping[str, Any]) -> None:
    name, version = form["questionnaire"].rpartition("/")[2].split("|")
    items = mild_items(story.fhir(f"Questionnaire/{name}-{version}"), worse)
    body = {"orderId": form["orderId"], "questionnaireResponse": response_to(form, items)}
    url = f"{story.simulator}/api/phone/{message['reference']}/answer"
    answer = story.call("POST", url, json=body).json()
    if answer["status"] not in (200, 202, 204):
        raise StoryError(f"the webhook with {name} was answered {answer['status']}: {json.dumps(answer['body'])[:300]}")


def _decide(story: Story, enrolment_id: str, decided: Mapping[str, Any]) -> dict[str, Any]:
    suggestion_id = _enrolment(story, enrolment_id)["suggestionId"]
    body = {"enrolmentId": enrolment_id, "suggestionId": suggestion_id, **decided}
    url = f"{story.web}/api/v1/decisions"
    decision: dict[str, Any] = story.call("POST", url, token=story.people.clinician_token, json=body).json()
    return decision


def _plan(story: Story, enrolment_id: str) -> dict[str, Any]:
    plan: dict[str, Any] = story.call("GET", f"{story.simulator}/api/plan/{enrolment_id}").json()
    return plan


def _holds(plan: dict[str, Any], text: str) -> dict[str, Any] | None:
    return plan if text in json.dumps(plan) else None


MORE_STEPS: tuple[Callable[[Story], str], ...] = (
    enrol_in_both,
    invite_once,
    answer_both,
    decide_level,
    write_note,
    answer_danger,
    decide_otherwise,
    miss_the_deadline,
)
