"""S-8: a long chain is sealed and followed in bounded memory on both databases, and every edit of it is found."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.builders import CLINIC_ID
from tests.databases import KINDS, migrated
from tests.proof.extent import extent
from tests.proof.security.long_chain import CHAIN, EVENT, OPERATOR, Editor, LongChain, long_chain
from tests.tampering import tampering

SHORT = 5_000
"""One part of the walk."""
LENGTH = extent(10_000, 1_000_000)
EDITS = extent(50, 1_000)
MARGIN_MIB = 24
"""What a longer chain may take more than a short one: caches of the database and of statements."""
SEED = 20270113
LAST = f"SELECT max(seq) FROM audit_chain WHERE clinic_id = '{CLINIC_ID}'"


@pytest.fixture(scope="module", params=KINDS)
def chain(request, tmp_path_factory) -> Iterator[tuple[LongChain, str]]:
    with (
        migrated(request, request.param, tmp_path_factory) as (url, directory),
        long_chain(url, directory) as chain,
    ):
        yield chain, request.param


def test_a_long_chain_is_sealed_and_followed_and_takes_no_more_memory_than_a_short_one(chain, ledger):
    long, kind = chain
    long.grow(SHORT)
    short = long.followed()

    sealing_s = long.grow(LENGTH - SHORT)
    whole = long.followed()

    (found,) = whole.said["clinics"]
    ledger.add(
        "S-8 a long chain",
        database=kind,
        links=found["links"],
        sealing_s=sealing_s,
        verify_s=whole.seconds,
        peak_mib=whole.peak_mib,
        of_short_mib=short.peak_mib,
    )
    assert (whole.exit_code, found["links"], found["waiting"], found["broken"]) == (0, LENGTH, 0, None)
    assert whole.peak_mib <= short.peak_mib + MARGIN_MIB


def test_every_edit_of_a_long_chain_is_found(chain, ledger):
    long, kind = chain
    chance = random.Random(SEED)
    done: Counter[str] = Counter()
    found: Counter[str] = Counter()
    with tampering(long.store) as connection, connection.begin_nested() as undone:
        editor = Editor(long.store._tx(connection, CLINIC_ID, OPERATOR, writable=True), chance)
        length = connection.exec_driver_sql(LAST).scalar_one()
        while done.total() < EDITS:
            edit = editor.edit(chance.randint(1, length))
            if edit is not None:
                done[edit[0]] += 1
                found[edit[0]] += edit[1]
        undone.rollback()

    # SQLAlchemy's own kind of text does not travel between the processes of a test run.
    for table in map(str, (EVENT.name, CHAIN.name)):
        ledger.add("S-8 edits of a long chain", database=kind, table=table, edits=done[table], found=found[table])
    assert found == done


def test_the_command_names_the_last_row_of_a_long_chain_when_that_one_was_changed(chain):
    long, _ = chain
    with tampering(long.store) as connection:
        last = connection.exec_driver_sql(LAST).scalar_one()
        row = f"(SELECT row_id FROM audit_chain WHERE clinic_id = '{CLINIC_ID}' AND seq = {last})"
        connection.exec_driver_sql(f"UPDATE audit_event SET purpose = 'treatmenT' WHERE id = {row}")

    after = long.followed()

    (told,) = after.said["clinics"]
    assert (after.exit_code, told["links"], told["broken"]["seq"]) == (1, last - 1, last)
    assert told["broken"]["fault"] == "changed-row"
