"""Every page for everyone: no fault found by axe, no sideways scrolling, large targets, in every width."""

import time
from urllib.parse import urljoin

from axe_playwright_python.sync_playwright import Axe

from security.actor import Role
from tests.browser.walk import WIDTHS, answer_the_rest, open_form, press, sign_in

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
REVIEWED: dict[str, list[str]] = {
    # Cells of a table that scrolls sideways on a telephone: axe cannot see those outside; the colours are the others'.
    # Words in our pictures of trends: axe knows no ground of theirs; #454545 on #eeeeee is the weakest, 8.2 to 1.
    "color-contrast": [".wide th, .wide td", ".trend text"],
}
"""Rule -> selectors of what axe cannot judge by itself and a person has looked at, with the reason beside each."""
VIOLATIONS = """([rules, reviewed]) => axe.run({runOnly: rules}).then(found => [
    ...found.violations.map(one => [one.id, one.nodes.map(node => node.target)]),
    ...found.incomplete.map(one => ["unsure: " + one.id, one.nodes.map(node => node.target.at(-1)).filter(
        path => !(reviewed[one.id] || []).some(known => document.querySelector(path).closest(known)))])
        .filter(([, left]) => left.length)])"""
SMALL_TARGETS = """least => [
    ...document.querySelectorAll("a, button, input:not([type=hidden]), textarea, select, summary")
    ]
    .filter(one => !one.matches(".skip-link, [aria-hidden]") && (one.closest("label") || one).checkVisibility())
    .map(one => [one.textContent.trim(), (one.closest("label") || one).getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([words, box]) => `${words} ${box.width}x${box.height}`)"""
LOOKED_AT = {
    "/p/",
    "/p/log",
    "/p/start",
    "/p/q/<int:number>",
    "/p/review",
    "/p/receipt",
    # In test_accessible_around:
    *("/p/leave", "/p/answers", "/p/answers/<response_id>", "/p/log", "/was", "/help"),
    "/clinic/login",
    "/clinic/",
    "/clinic/unmatched",
    "/clinic/calls",
    "/clinic/candidates",
    "/clinic/attention",
    "/clinic/choose",
    "/clinic/sessions",  # in test_accessible_sign_in, with what brokers and practice systems open
    "/clinic/enrolments/<enrolment_id>",
    "/clinic/enrolments/<enrolment_id>/related",
    # In test_accessible_work:
    *("/clinic/cover", "/clinic/enrolments/<enrolment_id>/postponement"),
    # In test_accessible_overviews:
    *("/clinic/population", "/clinic/enrolments/<enrolment_id>/programme", "/clinic/monitoring"),
    *(f"/clinic/administration{page}" for page in ("", "/staff", "/hours", "/delivery", "/content")),
    *("/clinic/administration/simulation", "/clinic/administration/outbox"),
}
STATES = ("/p/start", "/p/q/1", "/p/q/1?confirm=skip", "/p/q/12", "/p/q/14", "/p/q/15", "/p/review?missing=yes")
"""Yes or no, the skip page, a number, options one below the other, a scale, and the review with its faults."""
NEVER_A_PAGE = {
    *("/p/i/<token>", "/p/log.json", "/p/login/<broker>", "/p/login/<broker>/callback"),
    *("/clinic/launched", "/clinic/login/<broker>", "/clinic/login/<broker>/callback"),
    "/clinic/enrolments/<enrolment_id>/responses/<response_id>/attachments/<int:number>",
    "/clinic/list/news",
    "/clinic/enrolments/<enrolment_id>/result",
    *("/clinic/enrolments/<enrolment_id>/paper", "/clinic/monitoring.csv", "/clinic/monitoring.ndjson"),
}
"""Answer with a redirect, with one of the problem pages below, or with something that is no page of ours."""


def check(page, least):
    """Look at one page in every way that a program can, and in every width; no script lays a page out."""
    page.evaluate(AXE)
    assert page.locator("h1").count() == 1, page.url
    for width in WIDTHS:
        where = f"{page.url} at {width}"
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.clientWidth") == width, where
        assert page.evaluate(VIOLATIONS, [RULES, REVIEWED]) == [], where
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        assert page.evaluate(SMALL_TARGETS, least) == [], where
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})


def test_every_page_of_the_patient_in_both_languages(world, wide):
    """Questions of every layout, skip, faults, notices, review, receipt and problems."""
    invited = world.invite()
    open_form(wide, invited.token)
    for language in ("da", "en"):
        for address in STATES:
            wide.goto(address + ("&" if "?" in address else "?") + f"lang={language}")
            check(wide, 44)
    wide.goto("/p/q/12?lang=da")
    press(wide, "Næste")
    check(wide, 44)
    wide.goto("/p/q/1")
    wide.get_by_label("Ja", exact=True).check()
    press(wide, "Næste")
    check(wide, 44)
    world.fill(world.services.use_cases.form.open(invited.token))
    wide.goto("/p/review")
    check(wide, 44)
    press(wide, "Send mine svar")
    for language in ("en", "da"):
        wide.goto(f"/p/receipt?lang={language}")
        check(wide, 44)
    for address in ("/p/nowhere", "/p/i/unknown"):
        wide.goto(address)
        check(wide, 44)


def test_what_must_be_looked_at_now(world, wide):
    invited = world.invite()
    world.answer(invited, kol_status_1=True)
    world.refuse("flp")
    world.escalate()
    with world.services.store.write(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        tx.freshness.demand("cpr", 24)
    sign_in(wide, "Nete Bruun")
    check(wide, 44)
    wide.get_by_role("link", name="1 rødt svar har ventet for længe. 1 rapport blev ikke modtaget").click()
    wide.wait_for_url("**/clinic/attention")
    check(wide, 44)
    wide.get_by_role("button", name="Klaret").click()
    wide.get_by_role("status").wait_for()
    check(wide, 44)
    world.decide(invited, "RED")
    with world.services.store.write(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        tx.freshness.drop("cpr")
    wide.goto("/clinic/attention")
    wide.get_by_text("Intet venter.").wait_for()
    check(wide, 44)


def test_every_page_of_the_clinic(world, wide):
    invited = world.invite()
    world.answer(invited, kol_status_4=True, kol_status_5=True, kol_status_1=True)
    world.invite("Sverre Mosebryggeren")
    wide.goto("/clinic/login")
    check(wide, 44)
    sign_in(wide, "Nete Bruun")
    check(wide, 44)
    wide.get_by_role("link", name="Nancy Berggren").click()
    wide.get_by_text("Vis grundlaget for alarmen").click()
    wide.get_by_text("Vis grundlaget for behovsvurderingen").click()
    check(wide, 44)
    press(wide, "Gem beslutningen")
    check(wide, 44)
    world.put_aside()
    world.put_aside(channel="minlaege")
    wide.goto("/clinic/")
    check(wide, 44)
    wide.get_by_role("link", name="2 svar mangler at blive lagt ind").click()
    wide.wait_for_url("**/clinic/unmatched")
    check(wide, 44)
    wide.get_by_role("button", name="Læg svaret væk").first.click()
    wide.get_by_role("alert").wait_for()
    wide.wait_for_load_state()
    check(wide, 44)
    wide.get_by_role("button", name="Læg ind her").first.click()
    wide.get_by_role("status").wait_for()
    wide.wait_for_load_state()
    check(wide, 44)
    wide.goto("/clinic/nowhere")
    check(wide, 44)


def test_the_call_list_and_the_form_on_the_clinic_s_screen(world, wide):
    sign_in(wide)
    wide.goto("/clinic/calls")
    check(wide, 44)
    world.to_call("Sverre Mosebryggeren")
    world.to_call("Niels Vendelboe")
    wide.goto("/clinic/calls")
    wide.get_by_role("button", name="Ikke truffet").first.click()
    wide.get_by_role("status").wait_for()
    check(wide, 44)
    wide.get_by_role("link", name="KOL-forløbet").first.click()
    wide.wait_for_url("**/clinic/enrolments/*")
    check(wide, 44)
    press(wide, "Send nu")
    check(wide, 44)
    press(wide, "Udfyld nu")
    for language in ("en", "da"):
        wide.goto(f"/p/start?lang={language}")
        check(wide, 44)
    wide.goto("/p/q/1")
    check(wide, 44)
    wide.goto("/p/nowhere")
    check(wide, 44)
    wide.goto("/p/q/1")
    answer_the_rest(wide)
    press(wide, "Send mine svar")
    check(wide, 44)


def test_the_page_of_candidates(world, wide):
    sign_in(wide, "Nete Bruun")
    wide.goto("/clinic/candidates")
    check(wide, 44)
    world.bring_candidates()
    wide.goto("/clinic/candidates")
    check(wide, 44)
    press(wide, "Udelad de valgte")
    wide.get_by_role("alert").wait_for()
    check(wide, 44)
    wide.get_by_label("Else Lauridsen").first.check()
    wide.get_by_label("Lise Holm, læge").check()
    press(wide, "Begynd forløb for de valgte")
    wide.get_by_role("status").wait_for()
    check(wide, 44)


def test_a_notice_that_says_whom_to_call(world, wide):
    """The line with a telephone number, in both languages."""
    open_form(wide, world.invite("Else Lauridsen", "LRS").token)
    while not wide.get_by_text("Lige nu kan du ringe til").count():
        if wide.get_by_role("button", name="Gå videre i skemaet").count():
            press(wide, "Gå videre i skemaet")
        else:
            wide.get_by_label("Ja", exact=True).check()
            press(wide, "Næste")
    where = wide.url.partition("?")[0]
    for language in ("da", "en"):
        wide.goto(f"{where}?lang={language}")
        check(wide, 44)
        assert wide.locator("main a.phone").get_attribute("href").startswith("tel:")


def keep(world, page, **values):
    """Let a browser hold what signing in by a broker leaves in it."""
    serializer = world.app.session_interface.get_signing_serializer(world.app)
    page.context.add_cookies([{"name": "session", "value": serializer.dumps(values), "url": urljoin(page.url, "/")}])


def test_who_answers_for_a_patient_and_who_comes_without_an_app(world, wide):
    invited = world.invite()
    sign_in(wide)
    wide.goto(f"/clinic/enrolments/{invited.enrolment_id}/related")
    check(wide, 44)
    press(wide, "Gem")
    wide.get_by_role("alert").wait_for()
    check(wide, 44)
    wide.get_by_label("CPR-nummer på den, der svarer").fill("3001749995")
    wide.get_by_label("Navn").fill("Niels Vendelboe")
    wide.get_by_label("værge").check()
    wide.get_by_label("Hvad klinikken har set").fill("Familieretshusets afgørelse af 1. marts")
    press(wide, "Gem")
    wide.get_by_role("status").wait_for()
    check(wide, 44)
    press(wide, "Stop Niels Vendelboe")
    wide.get_by_text("Stoppet").wait_for()
    open_form(wide, invited.token)
    for address in ("/p/", "/p/log"):
        for language in ("da", "en"):
            wide.goto(f"{address}?lang={language}")
            check(wide, 44)
    at, clinic = int(time.time()), world.demo.clinic_id
    keep(world, wide, clinics={"at": at, "name": "x", "broker": "x", "of": {"1": [clinic, "x", "Lægerne Et"]}})
    wide.goto("/clinic/choose")
    check(wide, 44)
    visit = world.services.use_cases.form.open(invited.token)
    own = [clinic, visit.occasion_id, visit.patient_ref, None]
    world.fill(visit)
    world.services.use_cases.form.send(visit, world.services.use_cases.form.overview(visit).forms[0].request.id)
    keep(world, wide, choices={"at": at, "of": {"1": own}, "sent": {"sent-1": own}})
    wide.goto("/p/")
    check(wide, 44)
    wide.get_by_role("button", name="Dine tidligere svar").wait_for()
    wide.get_by_role("button", name="Dine egne spørgsmål").click()
    wide.wait_for_url("**/p/start")


def test_no_page_escapes_this_file(world):
    pages = {
        rule.rule
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith(("/p/", "/clinic", "/was", "/help")) and "GET" in (rule.methods or ())
    }

    assert pages == LOOKED_AT | NEVER_A_PAGE
