"""S-8: a thousand random edits of audit rows, scores and links past the guards are found."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import IntegrityError

from flow.rescore import RescoreOrder, RescoreResponses
from flow.seal import SealAudit
from flow.verify_audit import followed
from security.actor import Role
from store.anchors import AnchorFile
from store.base import Base
from tests.builders import CLINIC_ID, an_actor
from tests.tampering import tampering
from tests.way import CONTENT, Way

EDITS = 1_000
SEED = 20270111
OPERATOR = an_actor(Role.OPERATOR)
TABLES = ("audit_event", "score", "score_history", "audit_chain")
LETTERS = '0123456789abcdefXYZ-:. "{}[]'


@pytest.fixture
def way(sqlite_store, clock, keyring, tmp_path):
    way = Way(sqlite_store, clock, keyring)
    way.add_clinic()
    enrolled = way.enrolled()
    way.open_due()
    way.answer_all(enrolled, points=3)
    way.decided(enrolled)
    with tampering(way.store) as connection:
        connection.exec_driver_sql("UPDATE score SET rule_version = '1.9.0' WHERE score_id = 'catTotal'")
    seal = SealAudit(way.store, AnchorFile(tmp_path / "anchors.jsonl"))
    seal()
    RescoreResponses(way.store, CONTENT)(OPERATOR, RescoreOrder(), told=lambda done, every: None)
    seal()
    return way


def edited(value: object, chance: random.Random) -> object:
    """Change one character, digit or bit of what is stored."""
    if value is None:
        return chance.choice(["x", 0])
    if isinstance(value, int):
        return value + chance.choice([-1, 1, 7]) if value not in (0, 1) else 1 - value
    text = str(value)
    if not text:
        return "x"
    place = chance.randrange(len(text))
    other = chance.choice([letter for letter in LETTERS if letter != text[place]])
    return text[:place] + other + text[place + 1 :]


@contextmanager
def undone(connection) -> Iterator[None]:
    connection.exec_driver_sql("SAVEPOINT one")
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT one")
        connection.exec_driver_sql("RELEASE SAVEPOINT one")


def test_a_thousand_random_edits_are_a_thousand_found(way, ledger):
    chance = random.Random(SEED)
    done, found = dict.fromkeys(TABLES, 0), dict.fromkeys(TABLES, 0)
    with way.store.queue() as queue, tampering_in(queue) as connection:
        rows = [(t, r) for t in TABLES for r in connection.exec_driver_sql(f"SELECT rowid FROM {t}").scalars()]
        assert followed(queue.within(CLINIC_ID, OPERATOR), {})[1] is None
        while sum(done.values()) < EDITS:
            table = chance.choice(TABLES)
            rowid = chance.choice([r for t, r in rows if t == table])
            column = chance.choice(list(Base.metadata.tables[table].c.keys()))
            with undone(connection):
                value = connection.exec_driver_sql(f"SELECT {column} FROM {table} WHERE rowid = {rowid}").scalar_one()
                try:
                    connection.exec_driver_sql(
                        f"UPDATE {table} SET {column} = ? WHERE rowid = {rowid}", (edited(value, chance),)
                    )
                except IntegrityError:
                    continue
                done[table] += 1
                tx = queue.within(CLINIC_ID, OPERATOR)
                found[table] += followed(tx, {})[1] is not None or bool(tx.chain.unsealed())

    for table in TABLES:
        ledger.add("S-8 edits past the guards", table=table, edits=done[table], found=found[table])
    assert found == done


@contextmanager
def tampering_in(queue):
    """Take the guards away; the database is thrown away afterwards."""
    connection = queue.connection
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for name in connection.exec_driver_sql(query).scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield connection
