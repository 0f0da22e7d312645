"""Asking now over real HTTP: send, fill in here, the call list; refused in Danish words, never with a server error."""

import re

import pytest

from delivery.outbox import MessageKind
from delivery.schedule import EnrolmentState
from flow.status import StatusDelivery, StatusEntry
from security.actor import Role
from tests.contract.clinic.desk import Desk, words
from tests.contract.doors import PERSONS
from tests.stored import store_taken


@pytest.fixture
def clinician(house):
    return Desk(house)


@pytest.fixture
def enrolled(house):
    """A patient who answered everything yesterday."""
    enrolled = house.enrol()
    house.answer_rest(enrolled)
    house.travel(days=1)
    return enrolled


def ask(browser, enrolled, when, **options):
    return browser.post(f"/clinic/enrolments/{enrolled.enrolment_id}/orders", when=when, **options)


def tell(house, kind, *, value=True):
    entry = StatusEntry(0, PERSONS[0][0], kind, value, None)
    house.services.use_cases.record_status(house.one.system, StatusDelivery("cpr", (entry,)))


def look(house):
    return house.services.store.read(house.one.clinic_id, house.one.system)


def on_the_list(house):
    """A patient who is not digital, and whose invitation came on the call list."""
    enrolled = house.enrol()
    tell(house, "digital", value=False)
    accept(house, enrolled)
    return enrolled


def accept(house, enrolled):
    with look(house) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)
        (invitation,) = (one for one in tx.outbox.of_occasion(occasion.id) if one.kind is MessageKind.INVITATION)
    store_taken(house.services.store, invitation.id)
    return occasion


def test_send_now_invites_and_says_so_and_the_second_time_that_it_was_done(house, clinician, enrolled):
    first = ask(clinician, enrolled, "send-now")
    second = ask(clinician, enrolled, "send-now")

    assert first.status_code == second.status_code == 200
    assert "Patienten får besked om lidt." in words(first)
    assert "Der er ikke sendt en besked mere." in words(second)
    assert list(house.asked(enrolled)) == ["kol-status", "mmrc", "cat"]


def test_fill_now_opens_the_form_names_the_patient_and_keeps_the_clinic_signed_in(clinician, enrolled):
    answer = ask(clinician, enrolled, "fill-now")

    assert (answer.status_code, answer.url.partition("/p/")[2]) == (200, "start")
    assert "Du udfylder sammen med Nancy Berggren, 251248-xxxx." in answer.text
    assert f'href="/clinic/enrolments/{enrolled.enrolment_id}"' in answer.text
    assert clinician.get("/clinic/").url.endswith("/clinic/")


def test_no_address_of_the_way_holds_a_token_or_a_name(clinician, enrolled):
    answer = ask(clinician, enrolled, "fill-now")

    addresses = [step.headers.get("Location", "") for step in answer.history] + [answer.url]
    assert len(answer.history) == 1
    assert not any("/p/i/" in address or "Nancy" in address for address in addresses)


def test_who_signs_out_fills_in_no_more(clinician, enrolled):
    ask(clinician, enrolled, "fill-now")

    clinician.post("/clinic/logout")

    assert clinician.get("/p/start").status_code == 401


def test_who_signs_in_instead_does_not_fill_in_for_the_first(house, clinician, enrolled):
    other = Desk(house)
    ask(clinician, enrolled, "fill-now")

    clinician.post("/clinic/login", person=other.person.id)

    assert clinician.get("/p/start").status_code == 401


@pytest.mark.parametrize("when", ["send-now", "fill-now"])
@pytest.mark.parametrize(
    ("kind", "told"), [("dead", "registreret som død"), ("moved", "registreret som flyttet")], ids=["dead", "moved"]
)
def test_who_has_left_is_not_asked(house, clinician, enrolled, when, kind, told):
    tell(house, kind)

    answer = ask(clinician, enrolled, when)

    assert answer.status_code == 409
    assert told in words(answer)
    assert "Skemaerne er ikke bestilt" in words(answer)


@pytest.mark.parametrize(
    ("kind", "told"),
    [("protected", "Patienten har beskyttelse"), ("declined", "Patienten har sagt nej til skemaer")],
    ids=["protected", "declined"],
)
def test_who_may_not_be_written_to_is_sent_nothing_but_may_answer_here(house, clinician, enrolled, kind, told):
    tell(house, kind)

    sent = ask(clinician, enrolled, "send-now")
    page = clinician.get(f"/clinic/enrolments/{enrolled.enrolment_id}")
    filled = ask(clinician, enrolled, "fill-now")

    assert (sent.status_code, told in words(sent)) == (409, True)
    assert 'value="send-now"' not in page.text
    assert filled.url.endswith("/p/start")


@pytest.mark.parametrize("when", ["send-now", "fill-now"])
@pytest.mark.parametrize(
    ("state", "told"),
    [(EnrolmentState.PAUSED, "sat på pause"), (EnrolmentState.ENDED, "Forløbet er afsluttet")],
    ids=["paused", "ended"],
)
def test_a_package_that_does_not_run_asks_nothing(house, clinician, enrolled, when, state, told):
    house.services.use_cases.change_enrolment_state(house.one.doctor, enrolled.enrolment_id, state)

    answer = ask(clinician, enrolled, when)
    page = clinician.get(f"/clinic/enrolments/{enrolled.enrolment_id}")

    assert (answer.status_code, told in words(answer)) == (409, True)
    assert 'name="when"' not in page.text


def test_what_just_expired_is_told(house, clinician):
    enrolled = house.enrol()
    house.travel(days=60)

    answer = ask(clinician, enrolled, "fill-now")

    assert answer.status_code == 410
    assert "Fristen for de åbne skemaer er lige gået." in words(answer)


@pytest.mark.parametrize("when", ["", "tomorrow"])
def test_another_way_to_ask_is_refused_in_words(clinician, enrolled, when):
    answer = ask(clinician, enrolled, when)

    assert (answer.status_code, "Skemaerne er ikke bestilt" in answer.text) == (422, True)


def test_nobody_asks_without_the_token_the_role_or_the_sign_in(house, clinician, enrolled):
    path = f"/clinic/enrolments/{enrolled.enrolment_id}/orders"
    stranger, admin = Desk(house, tenant=house.other), Desk(house, Role.CLINIC_ADMIN)

    assert clinician.post(path, token="", when="send-now").status_code == 400
    assert stranger.post(path, when="send-now").status_code == 404
    assert admin.post(path, when="fill-now").status_code == 403
    assert admin.post("/clinic/calls", do="fill", occasion="x").status_code == 403
    clinician.post("/clinic/logout")
    assert clinician.post(path, when="send-now").url.endswith("/clinic/login")
    assert house.value(f"SELECT count(*) FROM occasion WHERE patient_ref = '{enrolled.patient_ref}'") == 1


def test_the_call_list_names_whom_to_call_and_the_menu_counts(house, clinician):
    on_the_list(house)

    page = clinician.get("/clinic/calls")

    assert "Nancy Berggren 251248-xxxx" in words(page)
    assert "KOL: hvordan går det nu, Åndenød (MRC)" in words(page)
    assert ">Ringeliste (1)</a>" in page.text
    assert ">Ringeliste (1)</a>" in clinician.get("/clinic/").text


def test_an_empty_list_says_so_and_the_menu_counts_nothing(house, clinician, enrolled):
    page = clinician.get("/clinic/calls")

    assert "Ingen skal ringes op lige nu." in page.text
    assert ">Ringeliste</a>" in page.text


def test_a_call_in_vain_is_noted_with_its_time(house, clinician):
    enrolled = on_the_list(house)
    with look(house) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)

    for _ in range(2):
        answer = clinician.post("/clinic/calls", occasion=occasion.id, do="not-reached")

    assert "Det er noteret" in words(answer)
    assert re.search(r"2 gange, senest \d+\. \w+ \d{4} kl\. \d\d\.\d\d", words(answer))


def test_fill_in_together_leads_to_the_form_and_back_to_the_list(house, clinician):
    enrolled = on_the_list(house)
    with look(house) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)

    answer = clinician.post("/clinic/calls", occasion=occasion.id, do="fill")

    assert answer.url.endswith("/p/start")
    assert 'href="/clinic/calls"' in answer.text


@pytest.mark.parametrize(("do", "status"), [("fill", 410), ("not-reached", 409)])
def test_who_answered_meanwhile_is_called_no_more(house, clinician, do, status):
    enrolled = on_the_list(house)
    with look(house) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)
    house.answer_rest(enrolled)

    answer = clinician.post("/clinic/calls", occasion=occasion.id, do=do)

    assert answer.status_code == status
    assert "Patienten skal ikke ringes op mere" in words(answer)


def test_another_clinic_calls_nobody_of_ours(house):
    enrolled = on_the_list(house)
    stranger = Desk(house, tenant=house.other)
    with look(house) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)

    assert "Nancy" not in stranger.get("/clinic/calls").text
    for do in ("fill", "not-reached"):
        assert stranger.post("/clinic/calls", occasion=occasion.id, do=do).status_code == 404
