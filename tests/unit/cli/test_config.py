"""`svarbro config check`: what the settings point to must be there before a process starts."""

import pytest
from click.testing import CliRunner

from cli.main import main
from tests.unit.kernel.test_settings import production


@pytest.fixture
def check(tmp_path):
    """Check the settings of a production installation whose key file is there."""
    keys = tmp_path / "keys.json"
    keys.write_text("{}", encoding="ascii")
    (tmp_path / "instance").mkdir()

    def check(**values):
        environ = production(tmp_path / "instance", keys_file=str(keys), **values)
        return CliRunner().invoke(main, ["config", "check"], env=environ)

    return check


@pytest.mark.parametrize("name", ["keys_file", "oidc_file", "channel_keys_file"])
def test_a_file_that_is_not_there_is_named_by_its_setting_and_not_by_its_path(tmp_path, name):
    (tmp_path / "keys.json").write_text("{}", encoding="ascii")
    environ = production(tmp_path / "instance", **{"keys_file": str(tmp_path / "keys.json"), name: "/none/secret-word"})

    told = CliRunner().invoke(main, ["config", "check"], env=environ)

    assert told.exit_code == 1
    assert f"SVARBRO_{name.upper()}" in told.output
    assert "secret-word" not in told.output
    assert ("svarbro keys create" in told.output) is (name == "keys_file")


def test_keys_from_the_environment_need_no_file(tmp_path):
    environ = production(tmp_path, database_url=f"sqlite:///{tmp_path / 'none.sqlite'}", keys="{}")
    del environ["SVARBRO_KEYS_FILE"]

    assert CliRunner().invoke(main, ["config", "check"], env=environ).exit_code == 0


def test_what_is_there_is_usable(check, tmp_path):
    brokers = tmp_path / "brokers.json"
    brokers.write_text("{}", encoding="ascii")

    told = check(oidc_file=str(brokers), database_url=f"sqlite:///{tmp_path / 'none.sqlite'}")

    assert told.exit_code == 0
    assert "Settings are usable" in told.output
