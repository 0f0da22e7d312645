"""Due patients of a clinic are opened together: as many statements for all as for one, and each by the same rules."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import event

from delivery.recurrence import danish_date
from delivery.schedule import EnrolmentState, SlotState
from flow.clinic_hours import ArrangeClinic
from flow.enrol import EnrolmentOrder
from flow.schedule_open import Opening
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.ids import SlotId, new_id
from security.actor import Role
from tests.builders import CLINIC_ID, a_slot, an_actor
from tests.season import a_season
from tests.statements import counted, of_the_way
from tests.way import CONTENT, NANCY

OTHERS = (("0104909995", "Sverre Mosebryggeren"), ("3001749995", "Max Berggren"))
START_FORMS = ["kol-status", "mmrc", "cat", "shk-draft"]
WORKERS = 4


@pytest.fixture
def way(store, clock, keyring):
    return a_season(store, clock, keyring)


def enrolled(way, person, package="KOL", **order):
    identifier, name = person
    return way.enrol(way.system, EnrolmentOrder(identifier, name, package, **order))


def opened_together(way, *patients):
    """Open what is due for these patients, whoever they are."""
    with way.store.write(CLINIC_ID, way.system) as tx:
        opening = Opening(CONTENT, way.keyring)
        return {one.patient_ref for one in opening.of_all(tx, [patient.patient_ref for patient in patients])}


def statements_of_a_tick(way, opens):
    with counted(way.store) as told:
        assert way.open_due() == opens
    return of_the_way(told)


def test_three_patients_cost_as_many_statements_as_one(way):
    enrolled(way, NANCY)
    for_one = statements_of_a_tick(way, 1)
    people = [enrolled(way, person) for person in OTHERS]
    people.append(enrolled(way, NANCY, "LRS"))
    way.skip_all(people[-1])

    for_three = statements_of_a_tick(way, 3)

    # Who was asked before has occasions and series to number; nothing else comes on top.
    assert len(for_three) - len(for_one) <= 1
    assert len(set(for_three)) == len(for_three)


def test_each_patient_gets_an_occasion_an_invitation_and_an_audit_row_of_their_own(way):
    people = [enrolled(way, person) for person in (NANCY, *OTHERS)]

    assert way.open_due() == 3
    while way.dispatch():
        pass

    assert [way.forms(one) for one in people] == [START_FORMS] * 3
    occasions = [way.occasion(one) for one in people]
    assert [one.patient_ref for one in occasions] == [one.patient_ref for one in people]
    assert len({invitation.link for invitation in way.channel.taken.values()}) == 3
    with way.look() as tx:
        told = {event.entity: event.patients for event in tx.audit.events() if event.action == "open"}
    assert told == {f"Occasion/{one.id}": (one.patient_ref,) for one in occasions}


def test_whom_somebody_else_was_faster_with_is_left_out_and_the_others_are_opened(way):
    people = [enrolled(way, person, start=date(2026, 1, 11)) for person in (NANCY, *OTHERS)]
    way.open_due()
    for one in people:
        way.skip_all(one)
    way.clock.move(days=60)
    taken = people[1]
    (planned,) = [slot for slot in way.slots(taken, "periodic") if slot.state is SlotState.PLANNED]
    with way.store.write(CLINIC_ID, way.system) as tx:
        series = tx.schedule.series(planned.series_id)
        tx.schedule.put_off(planned.id, way.clock.now())
        for one in (people[0], people[2]):
            (slot,) = [slot for slot in way.slots(one, "periodic") if slot.state is SlotState.PLANNED]
            tx.schedule.put_off(slot.id, way.clock.now())
        ahead = a_slot(series, taken.patient_ref, id=SlotId(new_id()), k=planned.k + 1, state=SlotState.CANCELLED)
        tx.schedule.add_slot(ahead)
    before = way.slots(taken)

    assert way.open_due() == 2

    assert [way.states(one, "periodic")[-2:] for one in (people[0], people[2])] == [
        [SlotState.OPEN, SlotState.PLANNED]
    ] * 2
    assert way.slots(taken) == before
    with way.look() as tx:
        assert tx.occasions.open_of(taken.patient_ref) is None


def test_workers_at_once_open_each_patient_once(way):
    people = [enrolled(way, person) for person in (NANCY, *OTHERS)]
    together = Barrier(WORKERS)

    def tick(_):
        together.wait()
        return way.open_due()

    with ThreadPoolExecutor(WORKERS) as pool:
        assert sum(pool.map(tick, range(WORKERS))) == 3

    assert [way.forms(one) for one in people] == [START_FORMS] * 3
    assert [way.states(one, "start") for one in people] == [[SlotState.OPEN]] * 3


def test_whom_a_gate_holds_back_is_left_as_planned(way):
    people = [enrolled(way, person) for person in (NANCY, *OTHERS)]
    declined = StatusEntry(0, NANCY[0], "declined", value=True)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("lps", (declined,)))

    assert opened_together(way, *people) == {one.patient_ref for one in people[1:]}

    assert way.states(people[0], "start") == [SlotState.PLANNED]


def test_whom_the_caps_put_off_waits_while_the_others_are_asked(way):
    asked = enrolled(way, NANCY, "LRS")
    way.open_due()
    way.skip_all(asked)
    waits = enrolled(way, NANCY, start=date(2027, 3, 1))
    # 14 days before this one is today, two days after an occasion: there are 14 days between them.
    way.clock.move(days=2)
    way.appointment(way.doctor, waits.enrolment_id, date(2027, 1, 27))
    other = enrolled(way, OTHERS[0])

    assert opened_together(way, waits, other) == {other.patient_ref}

    (slot,) = way.slots(waits, "before-appointment")
    assert (slot.state, danish_date(slot.due_at)) == (SlotState.PLANNED, date(2027, 1, 25))
    assert way.forms(other) == START_FORMS


def test_what_has_no_room_is_numbered_for_each_enrolment(way):
    people = [enrolled(way, person, package) for person in (NANCY, *OTHERS) for package in ("KOL", "LRS")]

    assert way.open_due() == 3

    with way.look() as tx:
        for one in people[1::2]:
            series = tx.schedule.all_series(one.enrolment_id)
            assert [one.n for one in series] == list(range(1, len(series) + 1))
            assert series[-1].reason.startswith("rest:")


def test_answers_from_before_an_enrolment_count_for_nobody_in_the_batch(way):
    first = enrolled(way, NANCY)
    enrolled(way, OTHERS[0], start=date(2027, 1, 21))
    way.open_due()
    way.skip_all(first)
    way.clock.move(days=10)
    way.change(way.doctor, first.enrolment_id, EnrolmentState.ENDED)
    again = enrolled(way, NANCY)

    assert way.open_due() == 2

    assert way.forms(again) == START_FORMS


def test_a_clinic_that_is_closed_puts_off_everybody(way):
    people = [enrolled(way, person) for person in (NANCY, *OTHERS)]
    ArrangeClinic(way.store).close(an_actor(Role.OPERATOR), [date(2027, 1, 11), date(2027, 1, 12)])

    assert way.open_due() == 0

    assert {danish_date(slot.due_at) for one in people for slot in way.slots(one, "start")} == {date(2027, 1, 13)}


def test_no_statement_of_a_tick_reads_more_than_the_patients_of_its_batch(sqlite_store, clock, keyring):
    way = a_season(sqlite_store, clock, keyring)
    for person in (NANCY, *OTHERS):
        enrolled(way, person)
    asked = []
    event.listen(way.store._engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))

    assert way.open_due() == 3

    selects = [(text, values) for text, values in asked if text.startswith("SELECT") and "clinic_closure" not in text]
    with way.store.queue() as queue:
        plans = [queue.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values) for one, values in selects]
        steps = [row.detail for plan in plans for row in plan.all()]
    assert "SEARCH slot USING INDEX ix_slot_due (due_at<?)" in steps
    assert not [step for step in steps if step.startswith("SCAN")]
    by_clinic = [step for step in steps if step.endswith("(clinic_id=?)")]
    # The demands of a clinic are few, and one agreement stands; everything else is found by patient or by id.
    assert not [step for step in by_clinic if not any(one in step for one in ("status_demand", "agreement_standing"))]
