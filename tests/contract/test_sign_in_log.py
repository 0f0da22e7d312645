"""A sign-in of the staff that is refused stands in the log, with why and without who."""

import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from app import create_app, services_of
from kernel.settings import Settings
from security.keys import ensure_key_file
from tests.released import RELEASED
from tests.signing import ec_pair
from tests.unit.security.test_broker_file import changed, written


@pytest.fixture
def browser(tmp_path, migrated_sqlite):
    shutil.copyfile(migrated_sqlite, tmp_path / "svarbro.sqlite")
    brokers = written(tmp_path, changed(), key=ec_pair("ours", ec.SECP256R1()).private_jwk)
    settings = Settings.from_env({"SVARBRO_INSTANCE_DIR": str(tmp_path), "SVARBRO_OIDC_FILE": str(brokers)})
    ensure_key_file(settings.keys_file)
    app = create_app(settings, RELEASED)
    yield app.test_client()
    services_of(app).store.close()


@pytest.mark.parametrize(
    ("query", "why"),
    [
        pytest.param("state=made-up&code=secret-code", "MismatchingStateError", id="a way back that nobody began"),
        pytest.param("iss=https://evil.example&code=secret-code", "ValueError", id="another broker's answer"),
    ],
)
def test_a_way_back_that_proves_nothing_is_logged_with_why(browser, query, why):
    with capture_logs() as lines:
        answer = browser.get(f"/clinic/login/mitid-erhverv/callback?{query}")

    (refused,) = [line for line in lines if line["event"] == "sign-in-refused"]
    assert (answer.status_code, refused["outcome"]) == (403, why)
    assert "secret-code" not in str(lines)
