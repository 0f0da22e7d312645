"""A citizen who signed in reads what was sent before, also where nothing waits; and nobody else's."""

import json

import pytest

from tests.contract.doors import cat
from tests.contract.test_citizen import NANCY, SVERRE, Place


@pytest.fixture
def place(house):
    return Place(house)


def sent_and_closed(house, place, tenant):
    """Let Nancy answer a clinic, and let the time of the rest of its occasion end; return what she sent."""
    enrolled, _ = place.asked(tenant)
    with place.store.read(tenant.clinic_id, tenant.system) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)
        request = next(one for one in tx.requests.of_occasion(occasion.id) if "/cat|" in one.questionnaire)
    place.do.receive(tenant.system, json.dumps(cat(request.id, 4)).encode(), via="fhir")
    with place.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE occasion SET expires_at = '2000-01-01 00:00:00'")
    with place.store.read(tenant.clinic_id, tenant.system) as tx:
        return tx.responses.newest_of(enrolled.patient_ref, 9)


def test_who_is_asked_nothing_reads_what_was_sent_to_each_clinic(house, place):
    (sent,) = sent_and_closed(house, place, house.one)
    sent_and_closed(house, place, house.other)

    page = place.come_back(NANCY).text
    opened = place.choose("sent-1")

    assert page.count("Dine tidligere svar til ") == 2
    assert "Der er ingen spørgsmål til dig lige nu" in page
    assert (opened.status_code, opened.headers["Location"]) == (303, "/p/answers")
    shown = place.browser.get("/p/answers").text
    assert f"/p/answers/{sent.id}" in shown
    assert shown.count('href="/p/answers/') == 1
    assert place.browser.get(f"/p/answers/{sent.id}").status_code == 200
    assert place.rows("patient") == ["read", "read"]


def test_what_waits_at_one_clinic_stands_before_what_was_sent_to_another(house, place):
    sent_and_closed(house, place, house.one)
    place.asked(house.other)

    page = place.come_back(NANCY).text

    assert page.index("Dine egne spørgsmål fra ") < page.index("Dine tidligere svar til ")


def test_nobody_reads_what_another_sent(house, place):
    sent_and_closed(house, place, house.one)

    page = place.come_back(SVERRE).text

    assert "Dine tidligere svar" not in page
    assert place.browser.get("/p/answers").status_code == 401
