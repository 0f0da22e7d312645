"""A key management service on loopback."""

from collections.abc import Iterator

import pytest

from delivery.key_service import TransitService
from tests.contract.keys.transit_engine import KEY, TOKEN, Engine
from tests.serving import served


@pytest.fixture(scope="module")
def served_engine() -> Iterator[tuple[Engine, str]]:
    engine = Engine()
    with served(engine.app()) as address:
        yield engine, f"{address}/v1/transit"


@pytest.fixture
def engine(served_engine) -> Engine:
    """Provide the service as it was at first."""
    engine: Engine = served_engine[0]
    del engine.versions[1:]
    engine.least, engine.fault = 1, None
    engine.asked.clear()
    return engine


@pytest.fixture
def service(engine, served_engine) -> TransitService:
    return TransitService(served_engine[1], KEY, TOKEN, timeout_s=10)
