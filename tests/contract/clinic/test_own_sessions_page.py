"""The page on which somebody of the staff sees where they are signed in, and signs out there."""

import re
from datetime import timedelta

import pytest

from flow.own_sessions import FRESH
from tests.contract.clinic.desk import Desk, words

PAGE = "/clinic/sessions"
SQLITE = pytest.mark.parametrize("first_house", ["sqlite"], indirect=True)
HANDLE = re.compile(r'name="session" value="([0-9a-f]{64})"')


@pytest.fixture
def desks(house):
    """Provide two browsers of one person."""
    here = Desk(house)
    there = Desk(house)
    there.post("/clinic/login", person=here.person.id)
    return here, there


def is_in(desk):
    return desk.get(PAGE).url.endswith(PAGE)


@SQLITE
def test_the_list_is_a_link_away_and_names_both_browsers_and_no_token(desks):
    here, there = desks

    page = here.get("/clinic/")
    assert f'href="{PAGE}"' in page.text

    listed = here.get(PAGE)
    assert (listed.text.count("Denne browser"), listed.text.count("En anden browser")) == (1, 1)
    assert there.http.cookies["session"] not in listed.text


@SQLITE
@pytest.mark.parametrize("which", ["one", "all"])
def test_the_other_browser_is_signed_out_and_this_one_is_not(desks, which):
    here, there = desks
    (handle,) = HANDLE.findall(here.get(PAGE).text)

    done = here.post(PAGE, session=handle if which == "one" else "others")

    assert "Du er logget ud der." in words(done)
    assert "Du er ikke logget ind andre steder." in words(done)
    assert (is_in(here), is_in(there)) == (True, False)
    assert "Der var du allerede logget ud." in words(here.post(PAGE, session=handle))


@SQLITE
def test_who_signed_in_long_ago_is_led_to_sign_in_again_and_ends_nothing(house, desks):
    here, there = desks
    with house.services.store.queue() as queue:
        text = "UPDATE staff_session SET opened_at = datetime(opened_at, '-{} seconds') WHERE person_id = '{}'"
        queue.connection.exec_driver_sql(text.format(int(FRESH / timedelta(seconds=1)), here.person.id))

    stale = here.post(PAGE, session="others")

    assert "Log ind igen" in words(stale)
    assert HANDLE.findall(stale.text) == []
    assert (is_in(here), is_in(there)) == (True, True)


@SQLITE
def test_a_form_without_the_token_of_this_browser_ends_nothing(desks):
    here, there = desks

    assert here.post(PAGE, token="of nobody", session="others").status_code == 400

    assert is_in(there)
