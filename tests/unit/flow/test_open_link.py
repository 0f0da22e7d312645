"""A personal link with the channel's word on who opens it: for its patient alone; anybody else leaves a row."""

import pytest

from flow.enrol import EnrolmentOrder
from flow.form import PatientForm
from kernel.errors import NotFoundError
from security.cpr import parse_identifier
from security.links import link_token
from tests.season import a_season
from tests.way import CONTENT, NANCY

STRANGER = parse_identifier("0104909995")


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


@pytest.fixture
def form(way):
    return PatientForm(way.store, CONTENT, way.clock, way.receive)


@pytest.fixture
def enrolled(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


@pytest.fixture
def link(way, enrolled):
    return link_token(way.keyring.link_key, way.occasion(enrolled).id)


def acts(way):
    with way.look() as tx:
        return [(event.action, event.patients) for event in tx.audit.events()][-1]


def test_the_patient_whom_the_link_is_for_is_let_in(way, form, enrolled, link):
    visit = form.open(link, parse_identifier(NANCY[0]))

    assert visit.patient_ref == enrolled.patient_ref
    assert acts(way) == ("open-form", (enrolled.patient_ref,))


@pytest.mark.parametrize("is_patient_here", [False, True], ids=["nobody here", "another patient"])
def test_another_person_finds_nothing_and_that_is_on_record(way, form, enrolled, link, is_patient_here):
    if is_patient_here:
        way.enrol(way.system, EnrolmentOrder(STRANGER.value, "Sverre Mosebryggeren", "KOL"))

    with pytest.raises(NotFoundError) as refused:
        form.open(link, STRANGER)

    with pytest.raises(NotFoundError) as unknown:
        form.open("unknown", STRANGER)
    assert refused.value.text == unknown.value.text
    assert acts(way) == ("refuse-form", (enrolled.patient_ref,))


def test_a_closed_link_is_not_told_apart_to_another_person(way, form, enrolled, link):
    way.clock.at = way.occasion(enrolled).expires_at

    with pytest.raises(NotFoundError, match="No such personal link"):
        form.open(link, STRANGER)
