"""The form on the clinic's own screen: one of the staff fills in what the patient says, and that is on record."""

import pytest

from delivery.schedule import OccasionState
from flow.form import LinkClosedError, PatientForm
from flow.order import When
from kernel.errors import AccessError, NotFoundError
from kernel.ids import ClinicId, OccasionId
from questionnaires.model import ItemType
from security.actor import Role
from tests.builders import an_actor
from tests.season import a_season
from tests.way import CONTENT


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


@pytest.fixture
def form(way):
    return PatientForm(way.store, CONTENT, way.clock, way.receive)


@pytest.fixture
def enrolled(way):
    return way.enrolled()


@pytest.fixture
def visit(way, form, enrolled):
    ordered = way.order(way.doctor, enrolled.enrolment_id, When.FILL_NOW)
    return form.enter(way.doctor, ordered.occasion_id)


def skip_all(form, visit):
    for page in form.overview(visit).questions:
        form.save(visit, page.form.request.id, page.item.link_id, (), skipped=True)


def test_the_answers_say_that_the_clinic_s_screen_was_used_and_by_whom(way, form, visit, enrolled):
    skip_all(form, visit)
    form.send(visit)

    with way.look() as tx:
        filed = tx.responses.of_occasion(visit.occasion_id)
        doers = [tx.audit.doer(["receive"], f"QuestionnaireResponse/{one.id}") for one in filed]
    assert {one.via for one in filed} == {"clinic"}
    assert {(doer.role, doer.actor_id) for doer in doers} == {(Role.CLINICIAN, way.doctor.id)}
    assert way.occasion(enrolled).state is OccasionState.COMPLETED


def test_the_screen_names_the_patient_and_only_to_staff(way, form, visit, enrolled):
    overview = form.overview(visit)

    assert overview.patient.name == "Nancy Berggren"
    assert "Nancy" not in repr(overview)
    alone = form.open(way.order(way.doctor, enrolled.enrolment_id, When.FILL_NOW).link.rsplit("/", 1)[-1])
    assert form.overview(alone).patient is None
    assert (alone.via, alone.actor.role) == ("form", Role.PATIENT)


def test_the_patient_and_the_clinic_fill_in_the_same_form(way, form, visit, enrolled):
    alone = form.open(way.order(way.doctor, enrolled.enrolment_id, When.FILL_NOW).link.rsplit("/", 1)[-1])
    page = next(one for one in form.overview(alone).questions if one.item.type is ItemType.BOOLEAN)
    form.save(alone, page.form.request.id, page.item.link_id, (False,))

    again = form.overview(visit).page(page.number)

    assert again.answers == (False,)


def test_who_opened_the_form_is_on_record(way, visit, enrolled):
    with way.look() as tx:
        doer = tx.audit.doer(["open-form"], f"Occasion/{visit.occasion_id}")
        (event,) = [one for one in tx.audit.events() if one.action == "open-form"]

    assert (doer.role, doer.actor_id) == (Role.CLINICIAN, way.doctor.id)
    assert event.patients == (enrolled.patient_ref,)


def test_what_is_closed_or_unknown_or_another_clinic_s_is_not_opened(way, form, visit):
    with pytest.raises(NotFoundError):
        form.enter(way.doctor, OccasionId("unknown"))
    with pytest.raises(NotFoundError):
        form.enter(an_actor(clinic_id=ClinicId("another")), visit.occasion_id)
    skip_all(form, visit)
    form.send(visit)
    with pytest.raises(LinkClosedError) as caught:
        form.enter(way.doctor, visit.occasion_id)
    assert caught.value.state is OccasionState.COMPLETED


def test_past_the_deadline_it_is_not_opened(way, form, visit):
    way.clock.at = form.overview(visit).occasion.expires_at

    with pytest.raises(LinkClosedError) as caught:
        form.enter(way.doctor, visit.occasion_id)

    assert caught.value.state is OccasionState.EXPIRED


@pytest.mark.parametrize("role", [Role.CLINIC_ADMIN, Role.SYSTEM, Role.CHANNEL, Role.WORKER, Role.PATIENT])
def test_only_those_who_treat_fill_in(form, visit, role):
    with pytest.raises(AccessError):
        form.enter(an_actor(role), visit.occasion_id)


def test_a_nurse_fills_in_without_a_delegation(form, visit):
    nurse = an_actor(Role.CLINIC_STAFF, id="nurse")

    assert form.enter(nurse, visit.occasion_id).actor == nurse
