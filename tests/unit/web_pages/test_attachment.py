"""A file that a patient sent reaches the clinic's staff as bytes to keep, and nobody else."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flow.audit_log import act_of
from kernel.errors import AccessError, NotFoundError
from kernel.ids import ResponseId
from questionnaires.model import Attachment
from security.actor import Role
from tests.browser.world import build_world
from tests.every_type import ask_every_type, released_with
from tests.unit.web_pages.test_kept import TOKEN
from web.clinic.attachments import handed_over_as

LONG_AGO, FAR_OFF = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
PICTURE = b"\x89PNG of a back"
SENT = Attachment(
    "image/png",
    len(PICTURE),
    sha256=hashlib.sha256(PICTURE).hexdigest(),
    data=b64encode(PICTURE).decode(),
    title="Nancys ryg.png",
)


@pytest.fixture
def world(tmp_path, sqlite_url):
    world = build_world(tmp_path / "instance", sqlite_url, released=released_with())
    yield world
    world.services.store.close()


@pytest.fixture
def sent(world):
    """Send a form with a file; return the enrolment and the response."""
    invited, visit, request_id = ask_every_type(world)
    form = world.services.use_cases.form
    form.save(visit, request_id, "file", (SENT,))
    form.save(visit, request_id, "must", (True,))
    form.send(visit, request_id)
    with world.services.store.read(visit.clinic_id, visit.actor) as tx:
        return invited, tx.responses.of_request(request_id).id


def browser_of(world, person):
    client = world.app.test_client()
    token = TOKEN.search(client.get("/clinic/login").text)
    assert token
    client.post("/clinic/login", data={"csrf_token": token.group(1), "person": person.id})
    return client


def address(invited, response_id, number=1):
    return f"/clinic/enrolments/{invited.enrolment_id}/responses/{response_id}/attachments/{number}"


def test_the_clinic_opens_the_file_from_the_answer_and_a_row_says_so(world, sent):
    invited, response_id = sent
    doctor = world.staff(Role.CLINICIAN)
    client = browser_of(world, doctor)

    page = client.get(f"/clinic/enrolments/{invited.enrolment_id}").text
    answer = client.get(address(invited, response_id))

    assert f'href="{address(invited, response_id)}"' in page
    assert (answer.status_code, answer.data) == (200, PICTURE)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bilag-1.png"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    (row,) = rows(world, "open-attachment")
    assert (row.entity, row.actor_id, act_of(row.action)) == (f"QuestionnaireResponse/{response_id}", doctor.id, "R")


@pytest.mark.parametrize("number", [0, 2])
def test_there_is_no_other_file(world, sent, number):
    client = browser_of(world, world.staff(Role.CLINICIAN))

    invited, response_id = sent
    assert client.get(address(invited, response_id, number)).status_code == 404
    assert rows(world, "open-attachment") == []


def test_a_file_is_not_found_under_another_patient(world, sent):
    other = world.invite("Sverre Mosebryggeren")
    client = browser_of(world, world.staff(Role.CLINICIAN))

    assert client.get(address(other, sent[1])).status_code == 404
    assert rows(world, "open-attachment") == []


def test_who_reads_no_answers_opens_no_file_and_nobody_without_signing_in(world, sent):
    assert world.app.test_client().get(address(*sent)).headers["Location"] == "/clinic/login"
    opening = world.services.use_cases.around.attachment
    manager = replace(world.staff(Role.CLINICIAN), role=Role.CLINIC_ADMIN)

    with pytest.raises(AccessError):
        opening(manager, sent[0].enrolment_id, sent[1], 1)
    with pytest.raises(NotFoundError):
        opening(world.staff(Role.CLINIC_STAFF), sent[0].enrolment_id, ResponseId("no such response"), 1)


@pytest.mark.parametrize(
    ("told", "given"),
    [
        ("application/pdf", ("application/pdf", "pdf")),
        ("text/html", ("application/octet-stream", "bin")),
        ("image/svg+xml", ("application/octet-stream", "bin")),
        ("", ("application/octet-stream", "bin")),
    ],
)
def test_what_a_browser_could_run_is_only_bytes(told, given):
    assert handed_over_as(told) == given


def rows(world, action):
    doctor = world.staff(Role.CLINICIAN)
    with world.services.store.read(doctor.clinic_id, doctor) as tx:
        found = tx.audit.between(LONG_AGO, FAR_OFF, limit=1000)
    return [row for row in found if row.action == action]
