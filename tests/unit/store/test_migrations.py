"""Migrations: up, down and up again on both databases, and never another shape than the table classes."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate
from flask_migrate import upgrade as flask_upgrade
from sqlalchemy import CheckConstraint, Engine, inspect, text

from store.base import Base
from store.database import db, init_database
from store.engine import open_engine
from store.migration import DIRECTORY, current_revision, downgrade, drift, expected_head, upgrade

ALLOWED = {"sqlalchemy", "alembic", *sys.stdlib_module_names}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with request.getfixturevalue("postgres_databases").empty() as url:
        yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def checks(engine: Engine, table: str) -> set[str | None]:
    return {check["name"] for check in inspect(engine).get_check_constraints(table)}


def test_every_step_goes_up_and_down_and_up_again(empty):
    for revision in reversed(list(scripts().walk_revisions())):
        upgrade(empty, revision.revision)
        downgrade(empty, str(revision.down_revision or "base"))
        upgrade(empty, revision.revision)

    assert tables(empty) == set(Base.metadata.tables)


def test_nothing_is_left_after_going_down_to_the_ground(empty):
    upgrade(empty)

    downgrade(empty, "base")

    assert tables(empty) == set()


def test_migrations_and_table_classes_tell_the_same_tables(empty):
    upgrade(empty)

    assert drift(empty) == ()


def test_every_check_of_the_table_classes_is_in_the_migrations(empty):
    upgrade(empty)

    for name, table in Base.metadata.tables.items():
        wanted = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
        assert checks(empty, name) == wanted, name


def test_a_difference_is_noticed(empty):
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("ALTER TABLE heartbeat ADD COLUMN more INTEGER"))

    assert any("more" in difference for difference in drift(empty))


def test_upgrading_twice_changes_nothing(empty):
    upgrade(empty)
    upgrade(empty)

    with empty.connect() as connection:
        assert current_revision(connection) == expected_head()


def test_there_is_one_newest_revision_and_the_file_names_it():
    assert scripts().get_heads() == [expected_head()]


def test_revisions_are_numbered_and_named_like_their_files():
    for number, revision in enumerate(reversed(list(scripts().walk_revisions())), start=1):
        assert revision.revision.startswith(f"{number:04}_")
        assert Path(revision.path).stem == revision.revision


def test_a_migration_imports_none_of_our_packages():
    for path in (DIRECTORY / "versions").glob("*.py"):
        imports = [line for line in path.read_text().splitlines() if line.startswith(("import ", "from "))]
        assert {line.split()[1].split(".")[0] for line in imports} <= ALLOWED, path.name


def test_flask_migrate_runs_the_same_migrations(empty_url, empty):
    app = Flask("test")
    engine = init_database(app, empty_url)
    Migrate(app, db, directory=str(DIRECTORY))

    with app.app_context():
        flask_upgrade()

    assert tables(empty) == set(Base.metadata.tables)
    engine.dispose()


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(DIRECTORY))
    return ScriptDirectory.from_config(config)
