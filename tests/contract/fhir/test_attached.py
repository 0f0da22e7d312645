"""How large a body may be where a questionnaire asks for an attachment: more, but for a response to it alone."""

import json
import shutil
from base64 import b64encode
from dataclasses import replace

import pytest

from app import create_app, services_of
from kernel.settings import Settings
from questionnaires.reading import read_questionnaire
from questionnaires.registry import Registry
from questionnaires.strict_json import MOST_BYTES, MOST_BYTES_ATTACHED
from security.keys import ensure_key_file
from tests.contract.doors import FHIR_JSON, add_clinic, cat
from tests.released import RELEASED

FILE = read_questionnaire(
    json.dumps(
        {
            "resourceType": "Questionnaire",
            "url": "https://any.example/file",
            "version": "1.0.0",
            "status": "active",
            "item": [{"linkId": "f", "type": "attachment"}],
        }
    ).encode(),
    "file.json",
)
WITH_FILE = Registry({one.canonical: one for one in (*RELEASED.questionnaires.all(), FILE)})
VALIDATE, CREATE = "/fhir/QuestionnaireResponse/$validate", "/fhir/QuestionnaireResponse"


@pytest.fixture(scope="module")
def post(tmp_path_factory, migrated_sqlite):
    """Serve an installation that has one more questionnaire, with a file to attach."""
    directory = tmp_path_factory.mktemp("attached")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    settings = Settings.from_env({"SVARBRO_INSTANCE_DIR": str(directory)})
    ensure_key_file(settings.keys_file)
    app = create_app(settings, replace(RELEASED, questionnaires=WITH_FILE))
    services = services_of(app)
    token = add_clinic(services, "Lægerne Et").system_token

    def post(path, body, kind=FHIR_JSON):
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().post(path, data=body, content_type=kind, headers=headers)
        issues = answer.get_json().get("issue", [])
        codings = [coding for one in issues for coding in one.get("details", {}).get("coding", ())]
        return answer.status_code, [coding["code"] for coding in codings]

    yield post
    services.store.close()


def padded(resource, size):
    raw = json.dumps(resource).encode()
    return raw + b" " * (size - len(raw))


def attached(size):
    value = {"contentType": "text/plain", "data": b64encode(b"x" * (size // 2)).decode()}
    item = [{"linkId": "f", "answer": [{"valueAttachment": value}]}]
    return padded({"resourceType": "QuestionnaireResponse", **of(FILE), "item": item}, size)


def of(questionnaire):
    return {"questionnaire": questionnaire.canonical, "status": "completed", "authored": "2027-01-11T09:00:00+01:00"}


def test_a_response_with_an_attachment_is_read_up_to_two_mebibytes(post):
    assert post(VALIDATE, attached(MOST_BYTES_ATTACHED)) == (200, [])
    assert post(VALIDATE, attached(MOST_BYTES_ATTACHED + 1))[0] == 413
    wrapped = b'{"resourceType":"Parameters","parameter":[{"name":"resource","resource":%s}]}' % attached(MOST_BYTES)
    assert post(VALIDATE, wrapped) == (200, [])


def test_a_response_to_another_questionnaire_is_not(post):
    assert post(CREATE, padded(cat("somebody"), MOST_BYTES + 1)) == (400, ["too-large"])
    assert post(CREATE, padded(cat("somebody"), MOST_BYTES_ATTACHED + 1))[0] == 413


@pytest.mark.parametrize(
    ("path", "kind", "read"),
    [
        ("/channels/webpatient/events", "application/json", (401, [])),
        ("/fhir/QuestionnaireResponse/$extract", FHIR_JSON, (400, ["too-large"])),
    ],
    ids=["webhook", "extract"],
)
def test_every_door_of_responses_reads_as_much(post, path, kind, read):
    assert post(path, padded(cat("somebody"), MOST_BYTES + 1), kind) == read
    assert post(path, padded(cat("somebody"), MOST_BYTES_ATTACHED + 1), kind)[0] == 413


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/fhir/CarePlan", FHIR_JSON), ("/api/v1/enrolments", "application/json")],
    ids=["care plan", "enrolment"],
)
def test_no_other_door_reads_more_for_it(post, path, kind):
    assert post(path, b" " * (MOST_BYTES + 1), kind)[0] == 413
