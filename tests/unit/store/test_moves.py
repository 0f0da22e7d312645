"""Every change of a message's state that the store makes stands in the one table of changes."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError

from delivery.outbox import MessageState
from delivery.transitions import CHANGES, OPEN_STATES, TRANSITIONS, Change
from store.moves import OUTBOX, ends, starts
from store.settlement import Settlement
from tests.builders import CLINIC_ID, NOW
from tests.stored import store_asked
from tests.unit.house.house import ROOT

HOUR = timedelta(hours=1)
STATE_WRITTEN_BY_HAND = re.compile(r"""(?:["']state["']:|state=)\s*MessageState\.\w+""")
APPENDING = {"store/repositories/outbox.py": ['"state": MessageState.DUE']}
"""A new message begins somewhere: the one INSERT."""


def test_the_states_go_on_as_the_page_of_delivery_says():
    page = (ROOT / "docs" / "delivery.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([a-z, -]+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE))

    for state, following in TRANSITIONS.items():
        told = next(text for names, text in rows.items() if state in names.split(", "))
        assert set(re.findall("|".join(MessageState), told)) == set(following), state


def test_what_is_open_can_still_change_and_what_ended_stays_but_for_a_person():
    for state in MessageState:
        causes = {change for change, transition in CHANGES.items() if state in transition.starts}
        assert bool(causes) if state in OPEN_STATES else causes <= {Change.RETRY, Change.GIVE_UP, Change.HANDLE}


def test_no_statement_of_the_store_writes_a_state_but_from_the_table():
    found = {
        str(path.relative_to(ROOT)): STATE_WRITTEN_BY_HAND.findall(path.read_text(encoding="utf-8"))
        for path in (ROOT / "store").rglob("*.py")
    }

    assert {path: texts for path, texts in found.items() if texts} == APPENDING


@pytest.mark.parametrize("change", Change)
def test_a_change_ends_only_where_the_table_says(change):
    for state in MessageState:
        if state in CHANGES[change].ends:
            values = ends(change, NOW, state)
            assert values["state"] is state
            assert values["closed_at"] == (None if state in OPEN_STATES else NOW)
            assert ("lease_owner" in values) is (state is not MessageState.LEASED)
        else:
            with pytest.raises(ValueError, match="cannot end"):
                ends(change, NOW, state)


def test_every_update_of_the_outbox_that_changes_a_state_names_where_it_starts(store):
    """Watch the statements themselves while a message is claimed, lost, sent, settled, retried and cancelled."""
    said: list[str] = []
    event.listen(store._engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    asked = store_asked(store)
    with store.queue() as queue:
        queue.claim("w1", NOW, NOW + HOUR, 1)
        (message,) = queue.claim("w2", NOW + HOUR, NOW + 2 * HOUR, 1)
        queue.settle(Settlement(message.id, CLINIC_ID, message.fence, MessageState.DEAD, NOW))
        assert queue.within(CLINIC_ID, asked.actor).backlog.retry(message.id)
        (message,) = queue.claim("w2", NOW, NOW + HOUR, 1)
        queue.settle(Settlement(message.id, CLINIC_ID, message.fence, MessageState.DUE, NOW, retry_at=NOW))
    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.outbox.cancel_open(asked.occasion.id) == 1

    changes = [text for text in said if text.startswith(("UPDATE outbox", "WITH")) and "SET state=" in text]
    assert len(changes) >= 8
    assert all(re.search(r"outbox\.state (IN|=)", text.partition("WHERE")[2]) for text in changes)


def test_the_test_database_refuses_what_the_table_does_not_name(sqlite_store):
    asked = store_asked(sqlite_store)

    with sqlite_store.write(CLINIC_ID, asked.actor) as tx, pytest.raises(IntegrityError, match="does not name"):
        tx.scope.connection.execute(update(OUTBOX).where(starts(Change.CLAIM)).values(state=MessageState.ACCEPTED))
