"""An upgrade stops nobody: what clinics opted in under counts as their agreement, until somebody looks at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from store.engine import open_engine
from store.migration import upgrade

CLINIC = "0192f000-0000-7000-8000-00000000c001"
OTHER = "0192f000-0000-7000-8000-00000000c002"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a database of before agreements: one clinic runs a package, one runs none."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/before.db")
        yield filled(engine)
        engine.dispose()
        return
    with request.getfixturevalue("postgres_databases").empty() as url:
        engine = open_engine(url)
        yield filled(engine)
        engine.dispose()


def filled(engine: Engine) -> Engine:
    upgrade(engine, "0016_edge")
    clinic = (
        "INSERT INTO clinic (id, sor_id, provider_number, name, phone, region, window_opens, window_closes, "
        "window_weekdays, window_on_holidays, key_id, data_key, created_at) VALUES "
        "(:id, :sor, '1', 'L', '0', 'x', 0, 1440, '1', :no, 'k', :key, '2027-01-11 09:00:00.000000+00:00')"
    )
    package = (
        "INSERT INTO clinic_package (clinic_id, package, programme, channel, plan_target, agreement, opted_in_at) "
        "VALUES (:id, 'KOL', 'kol', 'webpatient', 'flp', 'DBA-2026-7', '2027-01-11 09:00:00.000000+00:00')"
    )
    with engine.begin() as connection:
        for number, id_ in enumerate((CLINIC, OTHER)):
            connection.execute(text(clinic), {"id": id_, "sor": str(number), "no": False, "key": b"k"})
        connection.execute(text(package), {"id": CLINIC})
    return engine


def test_the_reference_of_an_opt_in_stands_as_the_clinics_agreement(engine):
    upgrade(engine)

    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT clinic_id, reference, CAST(signed_on AS TEXT), ended_at FROM processor_agreement")
        ).all()
        left = connection.execute(text("SELECT opted_out_at FROM clinic_package")).scalars().all()
    assert [tuple(row) for row in rows] == [(CLINIC, "DBA-2026-7", "2027-01-11", None)]
    assert left == [None]
