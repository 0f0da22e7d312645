"""Signing in with programs that are not ours: `make foreign`.

openid-client plays a practice system at our token address. Both need Node, as test tools only; `make foreign` installs
them into node_modules here, by the lock.
"""

import shutil
from collections.abc import Iterator

import pytest

from cli.prepare import free_addresses
from tests.contract.doors import House, served
from tests.foreign.node import need_node


@pytest.fixture(scope="module")
def house(tmp_path_factory, migrated_sqlite) -> Iterator[House]:
    """Serve an application at the address that it gives the world."""
    need_node()
    directory = tmp_path_factory.mktemp("foreign")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    port = free_addresses(0, 0).web_port
    with served(directory, f"sqlite:///{directory / 'svarbro.sqlite'}", port=port) as house:
        yield house
