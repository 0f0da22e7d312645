"""Row-level security: the second wall between clinics, proven without the first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from psycopg import OperationalError
from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, select, update
from sqlalchemy.exc import ProgrammingError

from delivery.alarms import Limits
from flow.health import CheckHealth
from kernel.errors import NotFoundError, SvarbroError
from security.actor import Role
from store.base import Base
from store.database import Store
from store.engine import open_engine
from store.migration import downgrade, upgrade
from store.row_security import CLINIC, CLINIC_ROLE, HOUSE_ROLE, secure, tenant_of, unsecured
from store.transaction import Tx
from tests.blinding import without_predicates
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, an_actor
from tests.databases import run
from tests.unit.store.test_tenancy import EMPTY, NOT_FOUND, everything
from tests.unit.store.two_clinics import fill, stranger

TENANTS = [table for table in Base.metadata.sorted_tables if tenant_of(table)]
DEPLOYMENT = [table for table in Base.metadata.sorted_tables if not tenant_of(table)]
NO_WALL = "; ".join(f"ALTER TABLE {table.name} DISABLE ROW LEVEL SECURITY" for table in TENANTS)
WALL = "; ".join(f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY" for table in TENANTS)


@dataclass(frozen=True)
class Two:
    """A database of two clinics, one with everything and one with nothing."""

    url: str
    engine: Engine
    store: Store
    filled: dict[str, Any]


@pytest.fixture
def engine(postgresql_url) -> Iterator[Engine]:
    engine = open_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def two(engine, postgresql_url, keyring, clock) -> Two:
    store = Store(engine, keyring, clock)
    return Two(postgresql_url, engine, store, fill(store))


def test_after_an_upgrade_every_table_has_its_wall(engine):
    with engine.connect() as connection:
        assert unsecured(connection, Base.metadata) == ()


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE draft DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY {CLINIC_ROLE} ON draft",
        f"DROP POLICY {HOUSE_ROLE} ON draft",
        f"REVOKE ALL ON draft FROM {CLINIC_ROLE}",
    ],
    ids=["switched off", "clinic's policy", "house's policy", "grant"],
)
def test_what_lacks_a_part_of_it_is_named_and_mended(engine, damage):
    with engine.begin() as connection:
        connection.exec_driver_sql(damage)

        assert unsecured(connection, Base.metadata) == ("draft",)

        secure(connection, Base.metadata)
        assert unsecured(connection, Base.metadata) == ()


def test_a_service_around_whose_table_the_wall_is_gone_is_not_ready(two, clock):
    health = CheckHealth(two.store, clock, Limits(60, 1))
    assert "clinics" not in health().checks
    run(two.url, "ALTER TABLE draft DISABLE ROW LEVEL SECURITY")
    try:
        found = health()
    finally:
        run(two.url, "ALTER TABLE draft ENABLE ROW LEVEL SECURITY")

    assert not found.ready
    assert found.checks["clinics"] == "not kept apart by the database in: draft"


def test_a_new_table_of_a_clinic_is_named_until_it_is_secured(engine):
    metadata = MetaData()
    more = Table("more", metadata, Column("clinic_id", String(36), primary_key=True), Column("id", String(36)))
    with engine.connect() as connection:
        more.create(connection)
        assert unsecured(connection, metadata) == ("more",)

        secure(connection, metadata)
        assert unsecured(connection, metadata) == ()
        connection.execute(
            insert(more), [{"clinic_id": CLINIC_ID, "id": "1"}, {"clinic_id": OTHER_CLINIC_ID, "id": "2"}]
        )
        act_as(connection, CLINIC_ROLE, CLINIC_ID)
        assert connection.execute(select(more.c.id)).scalars().all() == ["1"]


def test_the_roles_bypass_nothing_and_cannot_sign_in(engine):
    query = (
        f"SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname IN ('{CLINIC_ROLE}', '{HOUSE_ROLE}')"
    )
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.exec_driver_sql(query)] == [(False, False, False)] * 2


def test_without_any_predicate_another_clinic_finds_and_changes_nothing(two):
    before = everything(two.store, two.filled["a"])

    with without_predicates():
        for name, look in NOT_FOUND.items():
            assert not is_there(two, look), name
        for name, look in EMPTY.items():
            with stranger(two.store) as tx:
                assert not look(tx, two.filled), name

    assert everything(two.store, two.filled["a"]) == before


def test_without_any_predicate_and_without_the_wall_it_would_find_it(two):
    # The proof that the test above took the first wall away.
    run(two.url, NO_WALL)
    try:
        with without_predicates():
            for name, look in NOT_FOUND.items():
                assert is_there(two, look), name
    finally:
        run(two.url, WALL)


def test_a_transaction_of_a_clinic_sees_its_own_rows_of_every_table_alone(two):
    with two.store.queue() as queue:
        full = {table.name for table in TENANTS if CLINIC_ID in owners(queue.connection, table)}
    with two.store.read(OTHER_CLINIC_ID, an_actor(clinic_id=OTHER_CLINIC_ID)) as tx:
        seen = {table.name: owners(tx.scope.connection, table) - {OTHER_CLINIC_ID} for table in TENANTS}

    assert {name: ids for name, ids in seen.items() if ids} == {}
    assert len(full) >= 20


def test_rows_of_another_clinic_are_neither_changed_nor_removed_nor_added(two):
    clinic = Base.metadata.tables["clinic"]
    person = Base.metadata.tables["person"]
    with stranger(two.store) as tx:
        connection = tx.scope.connection
        assert connection.execute(update(clinic).values(name="Vores")).rowcount == 1
        assert connection.execute(person.delete()).rowcount == 0
    values = {"clinic_id": CLINIC_ID, "id": "1", "name": "x", "role": Role.CLINICIAN}
    with pytest.raises(ProgrammingError, match="row-level security"), stranger(two.store) as tx:
        tx.scope.connection.execute(insert(person), values)


@pytest.mark.parametrize("clinic_id", ["", "nobody", "' OR '1'='1", "x'; SET ROLE postgres; --"])
def test_who_names_no_clinic_sees_nothing(two, clinic_id):
    with two.store.read(clinic_id, an_actor(clinic_id=clinic_id)) as tx:
        assert tx.scope.connection.execute(select(Base.metadata.tables["patient"].c.id)).all() == []
        assert tx.scope.connection.exec_driver_sql("SELECT current_user").scalar() == CLINIC_ROLE


def test_a_role_without_a_clinic_sees_nothing(two):
    with two.engine.connect() as connection:
        connection.exec_driver_sql(f"SET LOCAL ROLE {CLINIC_ROLE}")
        assert connection.execute(select(Base.metadata.tables["patient"].c.id)).all() == []


def test_the_content_of_all_clinics_is_read_and_not_changed_by_one(two):
    for table in DEPLOYMENT:
        with stranger(two.store) as tx:
            tx.scope.connection.execute(select(table))
        with pytest.raises(ProgrammingError, match="permission denied"), stranger(two.store) as tx:
            tx.scope.connection.execute(table.delete())


def test_neither_role_nor_clinic_outlives_its_transaction(two):
    with two.store.read(CLINIC_ID, an_actor()) as tx:
        tx.patients.find_all([])
    with two.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT current_user").scalar() != CLINIC_ROLE
        assert not connection.exec_driver_sql(f"SELECT current_setting('{CLINIC}', true)").scalar()


@pytest.mark.parametrize("times", [1, 2], ids=["lost meanwhile", "known to be lost"])
def test_a_connection_that_was_lost_is_told_as_such(two, times):
    with two.engine.connect() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        connection.rollback()
        run(two.url, f"SELECT pg_terminate_backend({pid}, 5000)")
        raw = connection.connection
        for _ in range(times):
            with pytest.raises(OperationalError):
                connection.dialect.do_begin(raw)
        connection.invalidate()


def test_the_work_of_all_clinics_is_done_by_a_role_of_its_own(two):
    with two.store.queue() as queue:
        assert queue.connection.exec_driver_sql("SELECT current_user").scalar() == HOUSE_ROLE
        assert len(queue.connection.execute(select(Base.metadata.tables["clinic"].c.id)).all()) == 2


def test_a_sign_in_that_owns_nothing_and_inherits_nothing_serves_the_store(two, keyring, clock):
    login = f"web_{two.engine.url.database}"
    run(two.url, f"CREATE ROLE {login} LOGIN NOINHERIT; GRANT {CLINIC_ROLE}, {HOUSE_ROLE} TO {login}")
    engine = open_engine(two.engine.url.set(username=login).render_as_string(hide_password=False))
    store = Store(engine, keyring, clock)
    try:
        assert everything(store, two.filled["a"]) == everything(two.store, two.filled["a"])
        assert len(store.clinics()) == 2
        assert store.migration_is_current()
        assert store.unsecured() == ()
        with pytest.raises(ProgrammingError, match="permission denied"), engine.connect() as connection:
            connection.execute(select(Base.metadata.tables["patient"].c.id))
    finally:
        store.close()
        run(two.url, f"DROP ROLE {login}")


def test_a_database_without_the_wall_is_reached_and_behind(postgres_databases, keyring, clock):
    with postgres_databases.empty() as url:
        engine = open_engine(url)
        upgrade(engine, "0014_oauth")
        store = Store(engine, keyring, clock)
        store.ping()
        assert not store.migration_is_current()

        upgrade(engine)
        assert store.migration_is_current()
        assert store.clinics() == ()
        store.close()


def test_a_step_down_takes_the_wall_away_and_a_step_up_brings_it_back(postgres_databases):
    with postgres_databases.empty() as url:
        engine = open_engine(url)
        upgrade(engine)
        downgrade(engine, "0014_oauth")
        with engine.connect() as connection:
            assert set(unsecured(connection, Base.metadata)) >= {table.name for table in TENANTS}
            assert connection.exec_driver_sql("SELECT count(*) FROM pg_policies").scalar() == 0

        upgrade(engine)
        with engine.connect() as connection:
            assert unsecured(connection, Base.metadata) == ()
        engine.dispose()


def act_as(connection: Connection, role: str, clinic_id: str) -> None:
    connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
    connection.exec_driver_sql(f"SET LOCAL {CLINIC} = '{clinic_id}'")


def owners(connection: Connection, table: Table) -> set[str]:
    return set(connection.execute(select(table.c[str(tenant_of(table))]).distinct()).scalars())


def is_there(two: Two, look: Callable[[Tx, dict[str, Any]], object]) -> bool:
    """Whether a stranger finds something; what is found and cannot be opened with the clinic's keys is there."""
    try:
        with stranger(two.store) as tx:
            look(tx, two.filled)
    except NotFoundError:
        return False
    except SvarbroError:
        return True
    return True
