"""The pages around the form for everyone: not answering, my answers, help, the statement, and what the clinic sees."""

from security.actor import Role
from tests.browser.test_accessible import check
from tests.browser.walk import open_form, press, sign_in


def both(page, address):
    """Look at a page in both languages."""
    for language in ("en", "da"):
        page.goto(f"{address}?lang={language}")
        check(page, 44)


def test_not_answering_and_what_a_closed_link_says(world, wide):
    for address in ("/was", "/help"):
        both(wide, address)
    open_form(wide, world.invite().token)
    wide.get_by_label("Ja", exact=True).check()
    press(wide, "Næste")
    both(wide, "/p/leave")
    press(wide, "Giv klinikken besked")
    check(wide, 44)
    wide.get_by_label("Hold pause i 4 uger.").check()
    press(wide, "Giv klinikken besked")
    wide.get_by_role("heading", name="Du holder pause").wait_for()
    both(wide, "/p/start")


def test_my_answers_before_and_after_the_clinic_released_a_decision(world, wide):
    invited = world.invite()
    open_form(wide, invited.token)
    for address in ("/p/answers", "/p/log"):
        both(wide, address)
    world.answer(invited)
    world.decide(invited, "YELLOW")
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.read(world.demo.clinic_id, doctor) as tx:
        decision = tx.decisions.newest(invited.enrolment_id)
    world.services.use_cases.around.release(doctor, invited.enrolment_id, decision.id)
    both(wide, "/p/answers")
    wide.locator(".mine a").first.click()
    wide.wait_for_load_state()
    check(wide, 44)


def test_what_the_clinic_sees_of_unsent_answers_of_leave_and_of_a_release(world, wide):
    open_form(wide, world.invite().token)
    wide.get_by_label("Ja", exact=True).check()
    press(wide, "Næste")
    world.move_clock(days=1 / 24)
    world.services.use_cases.around.unsent()
    paused, decided = world.invite("Sverre Mosebryggeren"), world.invite("Niels Vendelboe")
    world.answer(decided)
    world.decide(decided, "GREEN")
    open_form(wide, paused.token)
    wide.goto("/p/leave")
    wide.get_by_label("Ikke denne gang.").check()
    press(wide, "Giv klinikken besked")
    sign_in(wide)
    check(wide, 44)
    wide.get_by_role("link", name="1 alvorligt svar er ikke sendt").click()
    wide.wait_for_url("**/clinic/attention**")
    check(wide, 44)
    wide.goto(f"/clinic/enrolments/{paused.enrolment_id}")
    check(wide, 44)
    wide.goto(f"/clinic/enrolments/{decided.enrolment_id}")
    check(wide, 44)
    press(wide, "Lad patienten læse om vurderingen")
    check(wide, 44)
