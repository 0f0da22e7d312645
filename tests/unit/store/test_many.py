"""Many rows by one call: the database keeps what it would keep of each row by itself."""

from datetime import timedelta, timezone

import pytest
from sqlalchemy import bindparam, insert, select, update

from delivery.schedule import OccasionState, SlotState
from kernel.ids import new_id
from store.base import table_of
from store.many import run_many
from store.tables import OccasionRow, SlotRow
from store.values import to_columns
from tests.builders import CLINIC_ID, NOW, SVERRE, a_slot, an_occasion
from tests.stored import store_asked, store_patient

OCCASION, SLOT = table_of(OccasionRow), table_of(SlotRow)
COPENHAGEN_TIME = timezone(timedelta(hours=1))


def rows_of_two(store, asked):
    other = store_patient(store, asked.actor, SVERRE)
    one = an_occasion(other, opened_at=NOW.astimezone(COPENHAGEN_TIME), reminder_days=(3, 7), counted=True)
    two = an_occasion(asked.patient_ref, state=OccasionState.COMPLETED, completed_at=NOW, reminder_days=())
    return [{**to_columns(each), "clinic_id": CLINIC_ID, "link_hash": new_id()} for each in (one, two)]


def read(connection, row):
    found = connection.execute(select(OCCASION).where(OCCASION.c.id == row["id"])).one()._mapping
    return {name: found[name] for name in row}


def test_what_is_written_together_is_read_as_what_is_written_one_by_one(store):
    asked = store_asked(store)
    rows = rows_of_two(store, asked)
    with store.queue() as queue:
        assert run_many(queue.connection, insert(OCCASION), rows) == 2
        together = [read(queue.connection, row) for row in rows]
        queue.connection.execute(OCCASION.delete().where(OCCASION.c.id.in_([row["id"] for row in rows])))
        for row in rows:
            queue.connection.execute(insert(OCCASION), row)
        one_by_one = [read(queue.connection, row) for row in rows]

    assert together == one_by_one
    assert [row["opened_at"].utcoffset() for row in together] == [timedelta(), timedelta()]
    assert [list(row["reminder_days"]) for row in together] == [[3, 7], []]


def test_a_change_tells_how_many_rows_there_were_and_keeps_what_the_statement_brings(store):
    asked = store_asked(store)
    slots = [a_slot(asked.series, asked.patient_ref, k=k) for k in (1, 2)]
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.schedule.add_all_slots(slots)
    statement = update(SLOT).where(SLOT.c.id == bindparam("of_id")).values(state=SlotState.CANCELLED, due_at=NOW)

    with store.queue() as queue:
        changed = run_many(queue.connection, statement, [{"of_id": one} for one in (slots[0].id, slots[1].id, "none")])

    assert changed == 2
    with store.read(CLINIC_ID, asked.actor) as tx:
        found = {slot.id: slot for slot in tx.schedule.slots_of(asked.enrolment.id)}
    assert [(found[slot.id].state, found[slot.id].due_at) for slot in slots] == [(SlotState.CANCELLED, NOW)] * 2


def test_a_value_that_a_row_does_not_name_is_never_taken_for_nothing(store):
    asked = store_asked(store)
    statement = update(SLOT).where(SLOT.c.id == bindparam("of_id")).values(occasion_id=bindparam("new_occasion"))

    with store.queue() as queue, pytest.raises(KeyError, match="new_occasion"):
        run_many(queue.connection, statement, [{"of_id": asked.slot.id}])
