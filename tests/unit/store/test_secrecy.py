"""Secrecy: a stolen file, WAL or dump tells no name, number, answer or token."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text, update

from security.links import link_token, token_hash
from security.vault import SealBrokenError
from store.base import Base
from store.engine import open_engine
from tests.builders import (
    CLINIC_ID,
    MMRC,
    NANCY,
    NOW,
    OTHER_CLINIC_ID,
    RAW,
    SVERRE,
    a_decision,
    a_request,
    a_response,
    a_suggestion,
)
from tests.stored import store_asked, store_clinic, store_patient

NAME = "Nancy Berggren"
FREE_TEXT = "jeg-er-saa-traet-canary"
OTHERS = ("draft-canary", "reason-canary", "goal-canary", "hook-canary")
CANARIES = (NANCY.value, "251248", NAME, "Nancy", "Berggren", FREE_TEXT, *OTHERS)


@pytest.fixture
def asked(store, keyring):
    asked = store_asked(store)
    response = a_response(asked.request)
    suggestion = a_suggestion(asked.enrolment.id, asked.occasion.id)
    token = link_token(keyring.link_key, asked.occasion.id)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.drafts.save(asked.request.id, b'{"text": "draft-canary"}', 0)
        tx.responses.add(response, f'{{"text": "{FREE_TEXT}", "cpr": "{NANCY.value}"}}'.encode())
        tx.suggestions.add(suggestion)
        tx.decisions.add(a_decision(suggestion, reason=f"reason-canary {NAME}", goal="goal-canary"))
        tx.events.add("webpatient", "msg_1", b'{"text": "hook-canary"}')
        tx.clinics.add_token(token_hash(token), asked.actor, NOW)
    return asked


def dump(database_url: str, directory: Path) -> bytes:
    """Everything that lies on the disk: the files of SQLite while they are open, a dump of PostgreSQL."""
    if database_url.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in directory.glob("svarbro.sqlite*"))
    engine = open_engine(database_url)
    with engine.connect() as connection:
        rows = [
            str(tuple(bytes(cell) if isinstance(cell, bytes | memoryview) else cell for cell in row))
            for table in Base.metadata.tables
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    engine.dispose()
    return "\n".join(rows).encode()


def test_nothing_that_names_or_quotes_a_patient_is_stored_in_clear(asked, database_url, tmp_path, keyring):
    stored = dump(database_url, tmp_path)

    assert asked.patient_ref.encode() in stored, "the dump holds what is there"
    for canary in (*CANARIES, link_token(keyring.link_key, asked.occasion.id)):
        assert canary.encode() not in stored, canary


def test_the_wal_file_is_looked_at_too(sqlite_store, tmp_path):
    store_asked(sqlite_store)

    assert (tmp_path / "svarbro.sqlite-wal").stat().st_size > 0


def test_no_key_is_stored_in_clear(asked, database_url, tmp_path, keyring):
    stored = dump(database_url, tmp_path)

    for key in (*keyring.keks.values(), keyring.index_key, keyring.link_key, keyring.session_key):
        assert key not in stored


@pytest.mark.parametrize(
    ("table", "column", "read"),
    [
        ("patient", "name_enc", lambda tx, a, b: tx.patients.identity(b)),
        ("patient", "data_key", lambda tx, a, b: tx.patients.identity(b)),
        ("patient_identifier", "value_enc", lambda tx, a, b: tx.patients.identity(b)),
    ],
)
def test_what_is_sealed_opens_in_no_other_row(store, asked, table, column, read):
    other = store_patient(store, asked.actor, SVERRE, "Sverre Mosebryggeren")
    rows = Base.metadata.tables[table]
    key = rows.c.id if table == "patient" else rows.c.patient_ref
    with store.write(CLINIC_ID, asked.actor) as tx:
        taken = tx.scope.connection.execute(rows.select().where(key == asked.patient_ref)).one()
        stolen = getattr(taken, column)
        tx.scope.connection.execute(update(rows).where(key == other).values({column: stolen}))

    with store.read(CLINIC_ID, asked.actor) as tx, pytest.raises(SealBrokenError):
        read(tx, asked.patient_ref, other)


def test_what_is_sealed_opens_in_no_other_row_of_the_same_patient(store, asked):
    second = a_request(asked.occasion, MMRC, position=1)
    other = a_response(second)
    rows = Base.metadata.tables["response"]
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.requests.add(second)
        tx.responses.add(other, RAW)
        stolen = tx.scope.connection.execute(rows.select().where(rows.c.request_id == asked.request.id)).one()
        tx.scope.connection.execute(update(rows).where(rows.c.id == other.id).values(body_enc=stolen.body_enc))

    with store.read(CLINIC_ID, asked.actor) as tx, pytest.raises(SealBrokenError):
        tx.responses.raw(other.id)


def test_what_is_sealed_opens_in_no_other_column(store, asked):
    drafts, responses = Base.metadata.tables["draft"], Base.metadata.tables["response"]
    with store.write(CLINIC_ID, asked.actor) as tx:
        stolen = tx.scope.connection.execute(responses.select()).one()
        tx.scope.connection.execute(update(drafts).values(body_enc=stolen.body_enc))

    with store.read(CLINIC_ID, asked.actor) as tx, pytest.raises(SealBrokenError):
        tx.drafts.get(asked.request.id)


def test_what_is_sealed_opens_in_no_other_clinic(store, asked):
    stranger = store_clinic(store, OTHER_CLINIC_ID)
    other = store_patient(store, stranger, NANCY, NAME)
    rows = Base.metadata.tables["patient"]
    with store.queue() as queue:
        taken = queue.connection.execute(rows.select().where(rows.c.id == asked.patient_ref)).one()
        values = {"name_enc": taken.name_enc, "data_key": taken.data_key, "key_id": taken.key_id}
        queue.connection.execute(update(rows).where(rows.c.id == other).values(values))

    with store.read(OTHER_CLINIC_ID, stranger) as tx, pytest.raises(SealBrokenError):
        tx.patients.identity(other)


def test_the_owner_s_eyes_read_it_all(store, asked):
    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.patients.identity(asked.patient_ref).name == NAME
        assert FREE_TEXT.encode() in tx.responses.raw(tx.responses.of_request(asked.request.id).id)
        assert tx.decisions.newest(asked.enrolment.id).reason == f"reason-canary {NAME}"
        draft = tx.drafts.get(asked.request.id)
        assert draft is not None
        assert b"draft-canary" in draft.raw
        assert tx.events.raw("webpatient", "msg_1") == b'{"text": "hook-canary"}'


def test_the_search_for_canaries_finds_one_that_is_there(tmp_path):
    (tmp_path / "svarbro.sqlite").write_bytes(b"x" + NANCY.value.encode())

    assert NANCY.value.encode() in dump("sqlite:///", tmp_path)
    assert subprocess.run(["grep", "-c", NANCY.value, tmp_path / "svarbro.sqlite"], check=False).returncode == 0
