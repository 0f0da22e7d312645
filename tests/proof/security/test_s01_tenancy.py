"""S-1: every door on PostgreSQL, with both walls between clinics, and with the second one alone."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest
from sqlalchemy import make_url

from store.row_security import CLINIC_ROLE, HOUSE_ROLE
from tests.blinding import without_predicates
from tests.contract.access.callers import NAMES
from tests.contract.access.matrix import Row, matrix, world_of, written
from tests.contract.doors import House, served
from tests.databases import run
from tests.proof.extent import FULL
from tests.signing import ec_pair

Wall = Callable[[], AbstractContextManager[None]]
WANTED = NAMES if FULL else ("clinician", "foreign-clinician", "system")
ALONE: Mapping[str, Wall] = {"row-level security alone": without_predicates}
WALLS: Mapping[str, Wall] = {**ALONE, "both": nullcontext} if FULL else ALONE
PAGE = written()
LEAST = 90


@pytest.fixture
def house(postgres_databases, tmp_path) -> Iterator[House]:
    """Serve an application with two clinics on a PostgreSQL database of its own, signed in as who owns nothing."""
    with postgres_databases.migrated() as url:
        parsed = make_url(url)
        login = parsed.set(username=f"web_{parsed.database}").render_as_string(hide_password=False)
        with signing_in(url, login), served(tmp_path, login) as house:
            yield house


@contextmanager
def signing_in(url: str, login: str) -> Iterator[None]:
    """Let somebody sign in who owns nothing and inherits nothing, while the block runs."""
    name = make_url(login).username
    run(url, f"CREATE ROLE {name} LOGIN NOINHERIT; GRANT {CLINIC_ROLE}, {HOUSE_ROLE} TO {name}")
    try:
        yield
    finally:
        run(url, f"DROP ROLE {name}")


def deviations(row: Row) -> dict[str, tuple[str, str]]:
    """Return caller -> what the page says, and what happened."""
    said = dict(zip(NAMES, PAGE[row.route], strict=True))
    done = dict(zip((name for name in NAMES if name in row.told), row.cells, strict=True))
    return {name: (said[name], cell) for name, cell in done.items() if said[name] != cell}


@pytest.mark.parametrize("walls", WALLS)
def test_no_door_shows_anything_of_another_clinic(house, ledger, walls):
    world = world_of(house, ec_pair(), WANTED)

    with WALLS[walls]():
        rows = list(matrix(world))

    differ = {row.route: found for row in rows if (found := deviations(row))}
    leaks = {row.route: row.leaks for row in rows if row.leaks}
    told_apart = [
        (row.route, name)
        for row in rows
        for name, (foreign, nobody) in row.foreign.items()
        if foreign.without_ids != nobody.without_ids
    ]
    ledger.add(
        "S-1 tenancy on PostgreSQL",
        walls=walls,
        routes=len(rows),
        callers=len(WANTED),
        calls=sum(len(told) for row in rows for told in row.told.values()),
        deviations=len(differ),
        shown=len(leaks),
        apart=len(told_apart),
    )
    assert (differ, leaks, told_apart) == ({}, {}, [])
    assert len(rows) >= LEAST
