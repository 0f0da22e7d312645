"""The clinic's overviews for everyone: population, programme, figures, who is proposed, and administration."""

from tests.browser.test_accessible import check
from tests.browser.walk import press, sign_in


def test_population_programme_figures_and_candidates(world, wide):
    answered, asked = world.invite(), world.invite("Sverre Mosebryggeren")
    world.answer(answered)
    world.decide(answered, "YELLOW")
    world.bring_candidates()
    sign_in(wide)
    for address in ("/clinic/population", "/clinic/monitoring", "/clinic/candidates?choose=fitting"):
        wide.goto(address)
        check(wide, 44)
    wide.goto(f"/clinic/enrolments/{asked.enrolment_id}/programme")
    check(wide, 44)
    press(wide, "Patienten er flyttet")
    wide.get_by_role("alert").wait_for()
    check(wide, 44)


def test_every_page_of_administration(world, wide):
    world.answer(world.invite())
    world.refuse("flp")
    sign_in(wide, "Adam Bak")
    wide.get_by_role("heading", name="Administration", level=1).wait_for()
    check(wide, 44)
    for page in ("staff", "hours", "delivery", "content", "simulation?table=alert/kol|2.0.0", "outbox"):
        wide.goto(f"/clinic/administration/{page}")
        check(wide, 44)
    wide.goto("/clinic/administration/staff")
    press(wide, "Gem delegationen")
    wide.get_by_role("alert").wait_for()
    check(wide, 44)
