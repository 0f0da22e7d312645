"""The clinic's overviews for everyone: population, programme, figures, and who is proposed."""

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
