"""What a newcomer sees after `make run`: phone, form, clinic and plan, in a browser, against the real processes."""

import re

from playwright.sync_api import expect

from cli import story as steps
from tests.browser.walk import answer_the_rest, press, sign_in
from tests.installation import installed

COLOURS = re.compile(r"\b(green|yellow|red|grøn|gul|rød)\b", re.IGNORECASE)


def test_an_answer_on_the_phone_moves_the_clinic_page_and_the_plan(browser, tmp_path, sqlite_url):
    with installed(tmp_path, sqlite_url, "whole-way") as here:
        story = here.story
        steps.enrol(story)
        steps.invite(story)
        context = browser.new_context(base_url=here.addresses.web, viewport={"width": 390, "height": 844})
        phone, clinic, plan = context.new_page(), context.new_page(), context.new_page()
        sign_in(clinic)
        row = clinic.get_by_role("row").filter(has_text="Nancy Berggren")
        clinic.get_by_role("link", name="Øvrige").click()
        expect(row).to_contain_text("Spurgt")

        phone.goto(f"{here.addresses.simulator}/phone")
        press(phone, "Åbn spørgeskema")
        phone.locator("main a.button").click()
        answer_the_rest(phone)
        press(phone, "Send mine svar")
        expect(phone.get_by_role("heading", level=1)).to_have_text("Tak. Dine svar er sendt")

        clinic.get_by_role("link", name="Til vurdering").click()
        expect(row).to_contain_text("Afventer")
        story.wait("the first report", lambda: story.plan()["versions"])
        plan.goto(f"{here.addresses.simulator}/plan/{story.facts['enrolment']}")
        expect(plan.get_by_text("Svar modtaget, afventer vurdering").first).to_be_visible()
        assert not COLOURS.search(plan.inner_text("main"))

        row.get_by_role("link", name="Nancy Berggren").click()
        clinic.get_by_role("group", name="Farve").get_by_label("Grøn").check()
        press(clinic, "Gem beslutningen")
        expect(clinic.get_by_role("status")).to_contain_text("Beslutningen er gemt")
        story.wait("the report of the decision", lambda: "MeasurementAssessment" in str(story.plan()))
        plan.reload()
        expect(plan.locator("main")).to_contain_text("grøn")
        context.close()
