"""The worklist, in every tab and width: no fault that a program can find, and to handled in three clicks or by keys."""

from datetime import timedelta

from playwright.sync_api import expect

from flow.work_acts import PostponementOrder
from kernel.ids import PatientRef
from security.actor import Role
from security.links import link_token
from tests.browser.test_accessible import check
from tests.browser.walk import press, sign_in
from tests.browser.world import Invited

TABS = ("assess", "wishes", "unanswered", "undelivered", "postponed", "others")


def confirmable(world, name="Nancy Berggren"):
    """Let a patient answer, be decided green, and answer the same again."""
    invited = world.invite(name)
    world.answer(invited)
    world.decide(invited, "GREEN")
    world.move_clock(days=200)
    world.services.use_cases.expire()
    world.services.use_cases.open_due()
    with world.services.store.read(world.demo.clinic_id, world.staff(Role.CLINICIAN)) as tx:
        occasion = tx.occasions.open_of(tx.enrolments.get(invited.enrolment_id).patient_ref)
    world.answer(Invited(invited.enrolment_id, link_token(world.services.keyring.link_key, occasion.id)))


def test_every_tab_of_the_list_and_the_pages_around_it(world, wide):
    confirmable(world)
    red = world.invite("Else Lauridsen")
    world.answer(red, kol_status_1=True)
    wisher = world.invite("Sverre Mosebryggeren")
    visit = world.services.use_cases.form.open(wisher.token)
    world.services.use_cases.form.wish_contact(visit, wished=True)
    doctor = world.staff(Role.CLINICIAN)
    until = world.services.clock.now().date() + timedelta(days=7)
    acts = world.services.use_cases.around_work.acts
    sign_in(wide, "Nete Bruun")
    for tab in TABS:
        wide.goto(f"/clinic/?tab={tab}")
        check(wide, 44)
    wide.goto("/clinic/?colour=RED&whose=mine")
    check(wide, 44)
    address = f"/clinic/enrolments/{red.enrolment_id}/postponement"
    wide.goto(address)
    check(wide, 44)
    press(wide, "Udsæt")
    wide.get_by_role("alert").wait_for()
    check(wide, 44)
    acts.postpone(doctor, PostponementOrder(red.enrolment_id, "RED", until, "Set i dag."))
    acts.assign(doctor, [PatientRef(visit.patient_ref)], doctor.id)
    for page in (address, "/clinic/?tab=postponed", "/clinic/cover"):
        wide.goto(page)
        check(wide, 44)
    press(wide, "Gem afløsningen")
    wide.get_by_role("alert").wait_for()
    check(wide, 44)


def test_unchanged_greens_are_handled_in_two_clicks_and_by_keys_alone(world, page):
    confirmable(world)
    sign_in(page)

    page.get_by_label("Vælg Nancy Berggren").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Bekræft uændrede grønne").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("Bekræftet uændret: 1")
    expect(page.get_by_text("Ingen svar venter på jer.")).to_be_visible()


def test_new_answers_are_announced_and_no_row_moves(world, wide):
    world.answer(world.invite())
    sign_in(wide)
    wide.wait_for_url("**/clinic/")
    world.move_clock(days=0.01)
    world.answer(world.invite("Else Lauridsen"), kol_status_1=True)

    wide.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")

    expect(wide.get_by_role("link", name="1 nyt svar. Vis det")).to_be_visible()
    expect(wide.get_by_role("link", name="Else Lauridsen")).to_have_count(0)
    wide.get_by_role("link", name="1 nyt svar. Vis det").click()
    expect(wide.get_by_role("link", name="Else Lauridsen")).to_be_visible()


def test_the_patient_s_wish_stands_on_the_list_until_somebody_has_called(world, page):
    invited = world.invite()
    form = world.services.use_cases.form
    form.wish_contact(form.open(invited.token), wished=True)
    sign_in(page)

    page.get_by_role("link", name="Ønsker kontakt (1)").click()
    page.get_by_label("Vælg Nancy Berggren").check()
    press(page, "Patienten er kontaktet")

    expect(page.get_by_role("status").first).to_contain_text("Noteret som kontaktet: 1")
    expect(page.get_by_text("Ingen ønsker at blive kontaktet.")).to_be_visible()
