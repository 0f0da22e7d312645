"""`svarbro staff`: who works at a clinic, and signing somebody out everywhere."""

import json

from click.testing import CliRunner

from app import create_app, services_of
from cli.main import main
from cli.prepare import prepare
from kernel.settings import Settings
from security.actor import Actor, Role


def test_a_person_is_listed_and_signed_out_everywhere(tmp_path):
    environ = {"SVARBRO_ENV": "demo", "SVARBRO_INSTANCE_DIR": str(tmp_path)}
    demo = prepare(Settings.from_env(environ), enrol=False)
    services = services_of(create_app(Settings.from_env(environ)))
    sessions = services.use_cases.staff_sessions
    doctor, nurse, _ = sessions.people(Actor(Role.OPERATOR, "test", demo.clinic_id))
    token, other = sessions.open(doctor), sessions.open(nurse)

    def run(*arguments):
        return CliRunner().invoke(main, ["staff", *arguments], env=environ)

    assert json.loads(run("list", "--json").stdout)[0] == {"id": doctor.id, "role": "clinician", "name": doctor.name}
    assert f"{nurse.id}  clinic-staff  {nurse.name}" in run("list").output
    assert run("sign-out", doctor.id).output == "1 sessions were ended.\n"
    assert (sessions.current(token), sessions.current(other)) == (None, nurse)
    services.store.close()
