"""The pages of signing in and out for everyone: brokers' buttons, one's own sessions, a launched page, the way out."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask, request

from security.actor import Role
from security.links import token_hash
from tests.browser.test_accessible import check, keep
from tests.browser.test_accessible_around import both
from tests.browser.walk import press, sign_in
from tests.browser.world import build_world, served
from tests.signing import ec_pair
from tests.unit.security.test_broker_file import changed, written

CITIZENS = {"cpr": "dk.cpr", "assurance": {"claim": "loa", "values": {"S": "substantial"}}}


def broker():
    """Return a broker that says of itself what it must, and signs out on a page that never comes."""
    app = Flask("broker")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")

    @app.get("/.well-known/openid-configuration")
    def told():
        here = request.host_url.rstrip("/")
        return {"issuer": here, **{name: f"{here}/{name}" for name in names}}

    @app.get("/end_session_endpoint")
    def stay():
        return "", 204

    return app


@pytest.fixture
def world(tmp_path, sqlite_url):
    """Provide the application with a broker of the staff and one of citizens."""
    with served(broker()) as issuer:
        key = ec_pair("ours", ec.SECP256R1()).private_jwk
        staff = changed(issuer=issuer, sign_out=True)
        file = written(tmp_path, staff, key=key)
        told = {"brokers": [staff], "citizens": [{**staff, "name": "mitid", "title": "MitID", "claims": CITIZENS}]}
        file.write_text(json.dumps(told), encoding="utf-8")
        world = build_world(tmp_path / "instance", sqlite_url, SVARBRO_OIDC_FILE=str(file))
        yield world
        world.services.store.close()


def sessions(world):
    return world.services.use_cases.staff_sessions


def doctor(world):
    actor = world.staff(Role.CLINICIAN)
    return sessions(world).person(actor.clinic_id, actor.id)


def test_the_buttons_of_the_brokers_and_what_a_refusal_says(world, wide):
    for address in ("/clinic/login", "/clinic/login/mitid-erhverv/callback?code=x"):
        wide.goto(address)
        wide.get_by_text("MitID Erhverv").wait_for()
        check(wide, 44)
    both(wide, "/p/")
    wide.get_by_role("link", name="MitID").wait_for()
    keep(world, wide, link=token_hash(world.invite().token))
    both(wide, "/p/")
    wide.goto("/p/login/mitid/callback?code=x")
    check(wide, 44)


def test_the_own_sessions_soon_and_long_after_signing_in(world, wide):
    sign_in(wide)
    for _ in range(2):
        sessions(world).open(doctor(world))
    wide.goto("/clinic/sessions")
    check(wide, 44)
    wide.get_by_role("button", name="Log ud der").first.click()
    wide.get_by_role("status").wait_for()
    check(wide, 44)
    with world.services.store.queue() as queue:
        queue.connection.exec_driver_sql("UPDATE staff_session SET opened_at = datetime(opened_at, '-600 seconds')")
    press(wide, "Log ud alle andre steder")
    wide.get_by_role("link", name="Log ind igen").wait_for()
    check(wide, 44)


def test_what_a_practice_system_opened_and_the_way_out(world, wide):
    invited = world.invite()
    visit = world.answer(invited)
    wide.goto("/clinic/login")
    launched = sessions(world).open(doctor(world), only=visit.patient_ref)
    keep(world, wide, staff=launched, launched=invited.enrolment_id)
    wide.goto("/clinic/")
    wide.wait_for_url("**/clinic/enrolments/*")
    for address in (wide.url, "/clinic/sessions", "/clinic/candidates"):
        wide.goto(address)
        check(wide, 44)
    keep(world, wide, staff=sessions(world).open(doctor(world)), broker="mitid-erhverv")
    wide.goto("/clinic/sessions")
    wide.get_by_role("button", name="Log ud", exact=True).click()
    wide.get_by_role("link", name="Log også ud hos MitID Erhverv").wait_for()
    check(wide, 44)
