"""Who may answer for a patient: recorded by the clinic, in force from first day to last, named with the answer."""

import json
from datetime import timedelta

import pytest

from delivery.recurrence import danish_date
from delivery.retention import RetentionClass
from flow.audit_log import act_of
from flow.case import ShowCase
from flow.enrol import EnrolmentOrder
from flow.form import PatientForm
from flow.patient_data import PatientData
from flow.related_persons import RelatePersons, RelationOrder
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from security.actor import Actor, Role
from security.cpr import parse_identifier
from security.links import link_token
from security.related import Relationship
from tests.builders import CLINIC_ID, an_actor
from tests.way import CONTENT, NANCY

NIELS = ("3001749995", "Niels Vendelboe")
SVERRE = ("0104909995", "Sverre Mosebryggeren")
SOURCE = "Familieretshusets afgørelse"
WHO = parse_identifier(NIELS[0])


@pytest.fixture
def nancy(way):
    enrolled = way.enrolled()
    way.open_due()
    return enrolled


@pytest.fixture
def relate(way):
    return RelatePersons(way.store)


@pytest.fixture
def form(way):
    return PatientForm(way.store, CONTENT, way.clock, way.receive)


def order(**others):
    return RelationOrder(
        **{"identifier": NIELS[0], "name": NIELS[1], "relationship": "guardian", "source": SOURCE, **others}
    )


def opened(way, form, nancy, who=WHO):
    return form.open(link_token(way.keyring.link_key, way.occasion(nancy).id), who)


def today(way):
    return danish_date(way.clock.now())


def test_what_is_recorded_is_listed_with_who_recorded_it(way, relate, nancy):
    relate.add(way.doctor, nancy.enrolment_id, order())

    relations = relate.listed(way.doctor, nancy.enrolment_id)

    (one,) = relations.persons
    assert (one.name, one.relationship, one.source) == (NIELS[1], Relationship.GUARDIAN, SOURCE)
    assert (one.recorded_by, one.valid_from, one.valid_until) == (way.doctor.id, today(way), None)
    assert relations.patient.name == NANCY[1]


@pytest.mark.parametrize(("day", "may"), [(0, True), (1, True), (2, True), (-1, False), (3, False)])
def test_a_relation_counts_from_its_first_day_to_its_last(way, relate, form, nancy, day, may):
    first, last = (today(way) + timedelta(days=days) for days in (-day, 2 - day))
    relate.add(way.doctor, nancy.enrolment_id, order(valid_from=first, valid_until=last))

    if may:
        assert opened(way, form, nancy).related
    else:
        with pytest.raises(NotFoundError):
            opened(way, form, nancy)


def test_an_answer_says_who_gave_it_in_the_response_on_the_clinics_page_and_in_the_log(way, relate, form, nancy):
    related = relate.add(way.doctor, nancy.enrolment_id, order())
    visit = opened(way, form, nancy)
    for page in form.overview(visit).questions:
        form.save(visit, page.form.request.id, page.item.link_id, (), skipped=True)
    form.send(visit)

    case = ShowCase(way.store, CONTENT)(way.doctor, nancy.enrolment_id)
    assert {one.related for one in case.forms} == {related}
    with way.look() as tx:
        response = tx.responses.of_request(next(iter(way.asked(nancy).values())).id)
        filed = json.loads(tx.responses.raw(response.id))
        rows = [row for row in tx.audit.of_patient(nancy.patient_ref, limit=100) if row.role is Role.RELATED_PERSON]
    reference = {"reference": f"RelatedPerson/{related.id}"}
    assert (filed["author"], filed["source"]) == (reference, reference)
    assert filed["subject"] == {"reference": f"Patient/{nancy.patient_ref}"}
    assert {row.actor_id for row in rows} == {related.id}
    assert {"open-form", "receive"} <= {row.action for row in rows}


def test_the_patients_own_answer_names_nobody_else(way, form, nancy):
    visit = opened(way, form, nancy, parse_identifier(NANCY[0]))
    page = form.overview(visit).questions[0]
    form.save(visit, page.form.request.id, page.item.link_id, (), skipped=True)

    with way.look() as tx:
        draft = json.loads(tx.drafts.get(page.form.request.id).raw)
    assert visit.related is None
    assert not {"author", "source"} & set(draft)


def test_who_was_ended_reads_and_answers_nothing_any_more(way, relate, form, nancy):
    related = relate.add(way.doctor, nancy.enrolment_id, order())
    visit = opened(way, form, nancy)
    page = form.overview(visit).questions[0]

    assert relate.end(way.doctor, nancy.enrolment_id, related.id)
    assert not relate.end(way.doctor, nancy.enrolment_id, related.id)

    for act in (
        lambda: form.overview(visit),
        lambda: form.save(visit, page.form.request.id, page.item.link_id, (), skipped=True),
        lambda: form.send(visit),
    ):
        with pytest.raises(AccessError):
            act()
    with pytest.raises(NotFoundError):
        opened(way, form, nancy)


def test_the_same_person_stands_once_and_again_after_it_was_ended(way, relate, nancy):
    first = relate.add(way.doctor, nancy.enrolment_id, order())
    with pytest.raises(ConflictError):
        relate.add(way.doctor, nancy.enrolment_id, order(relationship="power-of-attorney"))

    relate.end(way.doctor, nancy.enrolment_id, first.id)
    relate.add(way.doctor, nancy.enrolment_id, order(relationship="power-of-attorney"))

    assert len(relate.listed(way.doctor, nancy.enrolment_id).persons) == 2


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"identifier": "1234"}, "identifier"),
        ({"identifier": NANCY[0]}, "identifier"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"source": ""}, "source"),
        ({"relationship": "friend"}, "relationship"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_usable_is_refused_by_its_name(way, relate, nancy, wrong, place):
    with pytest.raises(InvalidInputError) as caught:
        relate.add(way.doctor, nancy.enrolment_id, order(**wrong))

    assert [issue.expression for issue in caught.value.issues] == [place]


@pytest.mark.parametrize(("days", "usable"), [(0, True), (-1, False)])
def test_the_last_day_is_not_before_the_first(way, relate, nancy, days, usable):
    wanted = order(valid_until=today(way) + timedelta(days=days))

    if usable:
        assert relate.add(way.doctor, nancy.enrolment_id, wanted).valid_until == today(way)
    else:
        with pytest.raises(InvalidInputError):
            relate.add(way.doctor, nancy.enrolment_id, wanted)


def test_another_patients_relation_cannot_be_ended_from_this_one(way, relate, nancy):
    sverre = way.enrol(way.system, EnrolmentOrder(*SVERRE, "KOL"))
    related = relate.add(way.doctor, sverre.enrolment_id, order())

    with pytest.raises(NotFoundError):
        relate.end(way.doctor, nancy.enrolment_id, related.id)


def test_who_answers_for_a_patient_may_fill_in_and_send_and_nothing_else(way, relate, form, nancy):
    relate.add(way.doctor, nancy.enrolment_id, order())
    visit = opened(way, form, nancy)

    assert visit.actor == Actor(Role.RELATED_PERSON, visit.related, CLINIC_ID, patient_ref=nancy.patient_ref)
    with pytest.raises(AccessError):
        relate.listed(visit.actor, nancy.enrolment_id)


def test_nothing_of_the_person_is_readable_at_rest_and_it_goes_with_the_patient(way, relate, nancy):
    relate.add(way.doctor, nancy.enrolment_id, order())
    data = PatientData(way.store, CONTENT.retention.lives[RetentionClass.RECORD])
    with way.store.queue() as queue:
        row = str(queue.connection.exec_driver_sql("SELECT * FROM related_person").one())
    assert not [word for word in (*NIELS, SOURCE) if word in row]

    (told,) = data.export(an_actor(Role.OPERATOR), nancy.patient_ref)["related_person"]

    assert (told["name"], told["source"]) == (NIELS[1], SOURCE)
    assert "person_index" not in told


def test_recording_and_ending_are_told_as_what_they_are():
    assert (act_of("add-related"), act_of("end-related")) == ("C", "U")
