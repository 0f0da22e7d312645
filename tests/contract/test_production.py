"""What a production installation refuses although a demo allows it."""

import pytest
from werkzeug.test import Client

from app import create_app, services_of
from cli.db import migrate
from flow.enrol import EnrolmentOrder
from kernel.errors import InvalidInputError
from kernel.settings import Settings
from security.keys import ensure_key_file
from security.links import link_token
from tests.contract.doors import PERSONS, add_clinic


@pytest.fixture
def production(tmp_path, sqlite_url):
    keys = tmp_path / "keys.json"
    ensure_key_file(keys)
    migrate(sqlite_url)
    settings = Settings.from_env(
        {
            "SVARBRO_ENV": "production",
            "SVARBRO_INSTANCE_DIR": str(tmp_path / "instance"),
            "SVARBRO_DATABASE_URL": sqlite_url,
            "SVARBRO_PUBLIC_URL": "https://svarbro.example",
            "SVARBRO_KEYS_FILE": str(keys),
            "SVARBRO_WEBPATIENT_URL": "https://webpatient.example",
            "SVARBRO_WEBPATIENT_TOKEN": "one",
            "SVARBRO_MINLAEGE_URL": "https://minlaege.example",
            "SVARBRO_MINLAEGE_TOKEN": "three",
            "SVARBRO_LPS_URL": "https://lps.example",
            "SVARBRO_LPS_TOKEN": "four",
            "SVARBRO_FLP_URL": "https://flp.example",
            "SVARBRO_FLP_TOKEN": "two",
        }
    )
    settings.instance_dir.mkdir()
    app = create_app(settings)
    yield app
    services_of(app).store.close()


def test_a_bare_personal_link_opens_nothing(production):
    services = services_of(production)
    tenant = add_clinic(services, "Lægerne Et")
    for programme in ("kol|2.1.0", "kol-free|2.0.0"):
        for person in ("Lise Holm", "Nete Bruun"):
            services.use_cases.approve(programme, person)
    enrolled = services.use_cases.enrol(tenant.system, EnrolmentOrder(*PERSONS[0], "KOL"))
    services.use_cases.open_due()
    with services.store.read(tenant.clinic_id, tenant.system) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)
    assert occasion is not None
    token = link_token(services.keyring.link_key, occasion.id)
    client = Client(production)

    answer = client.get(f"/p/i/{token}")

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers or "session=" not in answer.headers["Set-Cookie"]
    assert client.get("/p/start").status_code == 401


def test_nobody_signs_in_with_one_click(production):
    services = services_of(production)
    add_clinic(services, "Lægerne Et")

    page = Client(production).get("/clinic/login").get_data(as_text=True)

    assert 'name="person"' not in page


def test_cookies_are_sent_over_tls_only(production):
    assert production.config["SESSION_COOKIE_SECURE"]
    assert production.config["SESSION_COOKIE_HTTPONLY"]


def test_a_programme_that_two_people_have_not_approved_takes_nobody_in(production):
    services = services_of(production)
    tenant = add_clinic(services, "Lægerne Et")
    services.use_cases.approve("kol|2.1.0", "Lise Holm")

    with pytest.raises(InvalidInputError) as refused:
        services.use_cases.enrol(tenant.system, EnrolmentOrder(*PERSONS[0], "KOL"))

    assert [issue.rule for issue in refused.value.issues] == ["awaiting-approval"]
