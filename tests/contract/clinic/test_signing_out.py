"""Whoever is signed in can sign out from every page, and the browser is told to keep nothing of what it showed."""

import pytest

from security.actor import Role
from tests.contract.clinic.desk import Desk

BUTTON = 'action="/clinic/logout"'
NOT_SIGNED_IN = ("clinic.login", "clinic.leave", "clinic.come_back", "clinic.open_launched", "clinic.show_clinics")

FILES = (
    *("clinic.print_form", "clinic.open_attachment", "clinic.print_result", "clinic.tell_news"),
    *("clinic.monitoring_as_csv", "clinic.monitoring_as_ndjson"),
)
"""No pages: a browser keeps them, or shows them in a window of their own."""


@pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)
def test_every_page_of_the_clinic_has_a_way_out(house, first_house):
    enrolled = house.enrol()
    desks = [Desk(house), Desk(house, Role.CLINIC_ADMIN, name="Ada Holm")]
    rules = [rule for rule in first_house.app.url_map.iter_rules() if rule.endpoint.startswith("clinic.")]
    pages = [rule.rule for rule in rules if "GET" in rule.methods and rule.endpoint not in (*NOT_SIGNED_IN, *FILES)]

    shown = [(page, desk.get(filled(page, enrolled))) for page in pages for desk in desks]
    read = [(page, answer.text) for page, answer in shown if answer.ok]
    without = [page for page, text in read if BUTTON not in text]

    assert {page for page, _ in read} == set(pages), "somebody may read each"
    assert without == []


def filled(page, enrolled):
    return page.replace("<enrolment_id>", enrolled.enrolment_id)


@pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)
def test_signing_out_clears_the_browser_and_nothing_else_does(house):
    desk = Desk(house)
    page = desk.get("/clinic/")
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]

    out = desk.http.post(f"{desk.address}/clinic/logout", data={"csrf_token": token}, allow_redirects=False, timeout=10)

    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in page.headers
    assert "/clinic/login" in desk.get("/clinic/").url
