"""SIGKILL of web and worker in mid-flow: after a restart the story ends right, nothing lost, nothing doubled."""

import requests

from cli import story as steps
from tests.installation import Installation, installed


def everything_that_the_simulator_took(installation: Installation) -> dict[str, dict[str, int]]:
    answer = requests.get(f"{installation.addresses.simulator}/api/received", timeout=10)
    taken: dict[str, dict[str, int]] = answer.json()
    return taken


def total(installation: Installation, path: str) -> int:
    return len(installation.story.fhir(f"{path}?_count=100").get("entry", []))


def test_the_story_ends_right_although_web_and_worker_are_killed_at_every_step(tmp_path, database_url):
    with installed(tmp_path, database_url, "kill-" + database_url.split(":")[0]) as here:
        story = here.story
        steps.enrol(story)
        here.crash("worker", "web")
        steps.invite(story)
        here.crash("worker")
        steps.answer_by_webhook(story)
        here.crash("web", "worker")
        steps.answer_by_fhir(story)
        here.crash("worker")
        steps.answer_by_form(story)
        here.crash("web", "worker")
        steps.suggest(story)
        steps.await_assessment(story)
        steps.decide(story)
        here.crash("worker", "web")
        steps.report(story)
        steps.plan_again(story)

        phone = story.call("GET", f"{story.simulator}/api/phone").json()["messages"]
        assert len(phone) == 1, "the patient got one message"
        assert total(here, "QuestionnaireResponse") == 4
        assert total(here, "Observation") == 13, "five scores of kol-status, two of mmrc, one of cat, five of shk-draft"
        assert total(here, "ClinicalImpression") == 9, "alert and needs assessment per answer, one decision"
