"""The steps of the demo story: each calls the running service as its users would, and checks what it sees."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from cli.browser import Page
from cli.seed import TEST_PERSONS, Demo
from kernel.errors import SvarbroError


class StoryError(SvarbroError):
    """A step did not end as the story goes."""


@dataclass(slots=True)
class Story:
    """What is known so far.

    Args:
        web: address of the service.
        simulator: address of the simulator.
        people: the demo clinic and its tokens.
        patience_s: how long one thing may take to happen.
        clock_file: the installation's time travel.
        facts: ids found by earlier steps.
    """

    web: str
    simulator: str
    people: Demo
    patience_s: float
    clock_file: Path
    facts: dict[str, Any] = field(default_factory=dict)

    def call(self, method: str, url: str, *, token: str | None = None, **options: Any) -> requests.Response:
        """Call a door; anything but success breaks the story."""
        headers = {"Authorization": f"Bearer {token or self.people.system_token}", **options.pop("headers", {})}
        try:
            answer = requests.request(method, url, headers=headers, timeout=10, **options)
        except requests.RequestException as error:
            raise StoryError(f"no answer ({type(error).__name__})") from error
        if not answer.ok:
            raise StoryError(f"{method} was answered {answer.status_code}: {answer.text[:300]}")
        return answer

    def wait(self, what: str, look: Callable[[], Any]) -> Any:
        """Look again and again until something is there."""
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.2)
        raise StoryError(f"{what} did not happen within {self.patience_s:g} s")

    def fhir(self, path: str) -> Any:
        """Read from the FHIR door."""
        return self.call("GET", f"{self.web}/fhir/{path}").json()

    def form(self, name: str) -> dict[str, str]:
        """Return the invitation's form of one questionnaire."""
        forms: list[dict[str, str]] = self.facts["message"]["forms"]
        return next(form for form in forms if f"/{name}|" in form["questionnaire"])

    def messages(self, name: str) -> list[dict[str, Any]]:
        """Return what the apps told one person, newest first."""
        told = self.call("GET", f"{self.simulator}/api/phone").json()["messages"]
        return [message for message in told if message["patientName"] == name]

    def inbox(self, name: str, event: str) -> list[dict[str, Any]]:
        """Return what the practice system's inbox holds of one patient and kind, newest first."""
        entries = self.call("GET", f"{self.simulator}/api/lps/inbox").json()["entries"]
        return [one for one in entries if one["patient"]["name"] == name and one["event"] == event]

    def travel(self, days: int) -> None:
        """Move the installation's clock on."""
        before = float(self.clock_file.read_text(encoding="ascii")) if self.clock_file.exists() else 0.0
        self.clock_file.write_text(str(before + days * 86_400), encoding="ascii")

    def plan(self) -> dict[str, Any]:
        """Return what the plan service holds for the enrolment."""
        answer = requests.get(f"{self.simulator}/api/plan/{self.facts['enrolment']}", timeout=10)
        plan: dict[str, Any] = answer.json() if answer.ok else {"versions": [], "resources": []}
        return plan


def enrol(story: Story) -> str:
    """The clinic's practice system enrols a patient in the COPD package."""
    identifier, name = TEST_PERSONS[0]
    body = {"identifier": identifier, "name": name, "package": "KOL"}
    answer = story.call("POST", f"{story.web}/api/v1/enrolments", json=body).json()
    story.facts["enrolment"] = answer["id"]
    return f"enrolment {answer['id']}"


def invite(story: Story) -> str:
    """WebPatient tells the patient that questions wait."""

    def newest() -> Any:
        messages = story.call("GET", f"{story.simulator}/api/phone").json()["messages"]
        return messages[0] if messages else None

    story.facts["message"] = story.wait("the message on the phone", newest)
    return f"{len(story.facts['message']['forms'])} questionnaires, reference {story.facts['message']['reference']}"


def define(story: Story) -> str:
    """The FHIR door shows the questionnaires that are asked."""
    names = []
    for form in story.facts["message"]["forms"]:
        url, version = form["questionnaire"].split("|")
        bundle = story.call("GET", f"{story.web}/fhir/Questionnaire", params={"url": url, "version": version}).json()
        names.append(bundle["entry"][0]["resource"]["id"])
    return ", ".join(names)


def answer_by_webhook(story: Story) -> str:
    """One questionnaire is answered in WebPatient and comes as a signed webhook."""
    form = story.form("kol-status")
    answers = [{"valueBoolean": False} for _ in range(7)] + [{"valueInteger": 1}, {"valueInteger": 0}]
    items = [{"linkId": f"kol-status-{n}", "answer": [answer]} for n, answer in enumerate(answers, start=1)]
    body = {"orderId": form["orderId"], "questionnaireResponse": response_to(form, items)}
    reference = story.facts["message"]["reference"]
    result = story.call("POST", f"{story.simulator}/api/phone/{reference}/answer", json=body).json()
    if result["status"] not in (200, 202, 204):
        raise StoryError(f"the webhook was answered {result['status']}")
    return f"order {form['orderId']}"


def answer_by_fhir(story: Story) -> str:
    """One is posted as a FHIR QuestionnaireResponse, twice: it is filed once."""
    form = story.form("mmrc")
    coding = {"system": "https://svarbro.example/fhir/CodeSystem/mmrc", "code": "4"}
    raw = json.dumps(response_to(form, [{"linkId": "mrc-1", "answer": [{"valueCoding": coding}]}])).encode()
    headers = {"Content-Type": "application/fhir+json"}
    first, second = (
        story.call("POST", f"{story.web}/fhir/QuestionnaireResponse", data=raw, headers=headers) for _ in range(2)
    )
    if (first.status_code, second.status_code) != (201, 200) or first.headers["Location"] != second.headers["Location"]:
        raise StoryError("the same response twice was not one response")
    return f"201, then 200 with the same Location …/{first.headers['Location'].split('QuestionnaireResponse/')[1]}"


def answer_by_form(story: Story) -> str:
    """The rest is answered on our form page, behind the personal link."""
    browser = requests.Session()
    page = browser.get(story.facts["message"]["link"], timeout=10)
    pages = 0
    while "/p/receipt" not in page.url:
        page = _next_page(story, browser, page)
        pages += 1
        if not page.ok or pages > 40:
            raise StoryError(f"the form stopped with {page.status_code} after {pages} pages")
    browser.close()
    return f"{pages} pages to the receipt"


def _next_page(story: Story, browser: requests.Session, answer: requests.Response) -> requests.Response:
    """Give the fourth answer that the page offers, or press its button."""
    page = Page(answer.text)
    if page.forms:
        form = page.forms[-1]
        chosen = {name: values[min(3, len(values) - 1)] for name, values in form.choices.items()}
        return browser.post(story.web + form.action, data={**form.fields, **chosen}, timeout=10)
    if page.onward:
        return browser.get(story.web + page.onward, timeout=10)
    raise StoryError("a form page has no way on")


def suggest(story: Story) -> str:
    """The clinic sees an explained suggestion."""
    state = story.call("GET", f"{story.web}/api/v1/enrolments/{story.facts['enrolment']}").json()
    impression = story.fhir(f"ClinicalImpression/{state['suggestionId']}")
    if impression["status"] != "completed":
        raise StoryError("the suggestion is not complete although everything was answered")
    story.facts["suggestion"] = impression["id"]
    scores = story.fhir("Observation?_count=50").get("entry", [])
    return f"suggestion {impression['id']}: {impression['summary']} ({len(scores)} scores)"


def await_assessment(story: Story) -> str:
    """The plan shows that an answer was received, and no colour."""
    plan = story.wait("the first report", lambda: story.plan() if story.plan()["versions"] else None)
    text = json.dumps(plan, ensure_ascii=False)
    if "afventer vurdering" not in text:
        raise StoryError("the plan does not say that the answer awaits assessment")
    if any(word in text for word in ("RED", "YELLOW", "GREEN", '"red"', '"yellow"', '"green"')):
        raise StoryError("the plan holds a colour before the decision")
    return "svar modtaget, afventer vurdering"


def decide(story: Story) -> str:
    """A named clinician decides: yellow, level 2."""
    body = {
        "enrolmentId": story.facts["enrolment"],
        "suggestionId": story.facts["suggestion"],
        "colour": "YELLOW",
        "level": 2,
        "reason": "Samlet vurdering efter samtale.",
    }
    answer = story.call("POST", f"{story.web}/api/v1/decisions", token=story.people.clinician_token, json=body).json()
    story.facts["decision"] = answer["id"]
    return f"decision {answer['id']}"


def report(story: Story) -> str:
    """The plan shows the decision after it was made."""
    decision = story.facts["decision"]
    plan = story.wait("the report of the decision", lambda: _if_holds(story.plan(), decision))
    return f"plan version {len(plan['versions'])}"


def _if_holds(plan: dict[str, Any], text: str) -> dict[str, Any] | None:
    return plan if text in json.dumps(plan) else None


def plan_again(story: Story) -> str:
    """The next questionnaires are planned from the decided level."""
    answer = story.call("GET", f"{story.web}/api/v1/enrolments/{story.facts['enrolment']}").json()
    if not answer.get("nextDueAt"):
        raise StoryError("nothing is planned")
    return f"next on {answer['nextDueAt']}"


def response_to(form: dict[str, str], items: list[dict[str, Any]]) -> dict[str, Any]:
    """Make the QuestionnaireResponse that an app would send."""
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": form["questionnaire"],
        "status": "completed",
        "basedOn": [{"reference": f"ServiceRequest/{form['orderId']}"}],
        "item": items,
    }


STEPS: tuple[Callable[[Story], str], ...] = (
    enrol,
    invite,
    define,
    answer_by_webhook,
    answer_by_fhir,
    answer_by_form,
    suggest,
    await_assessment,
    decide,
    report,
    plan_again,
)
