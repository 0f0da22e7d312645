"""The worklist says why nobody is written to while a source of patients' status is silent."""

import re

from delivery.patient_status import StatusFeed
from security.actor import Actor, Role

PAGE = "/clinic"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def test_the_worklist_names_the_silent_source_and_nothing_once_it_has_spoken(world):
    client = world.app.test_client()
    token = TOKEN.search(client.get("/clinic/login").text)
    assert token
    client.post("/clinic/login", data={"csrf_token": token.group(1), "person": world.staff(Role.CLINICIAN).id})
    operator = Actor(Role.OPERATOR, "test", world.demo.clinic_id)
    world.services.use_cases.hours.demand_status(operator, "cpr", 24)

    before = client.get(PAGE, follow_redirects=True).text
    with world.services.store.write(operator.clinic_id, operator) as tx:
        tx.freshness.heard(StatusFeed("cpr", tx.now, 0))

    assert "kilden cpr har ikke meldt om patienternes status i de sidste 24 timer" in before
    assert "kilden cpr" not in client.get(PAGE, follow_redirects=True).text
