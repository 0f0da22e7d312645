"""Pseudonyms of a project: bound to its key, the same for one patient, and with days moved but not spread."""

import os
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from kernel.errors import SettingsError
from kernel.ids import ClinicId, PatientRef
from security.pseudonym import KEY_BYTES, Project, new_project, read_project

ONE, OTHER = Project(b"a" * KEY_BYTES), Project(b"b" * KEY_BYTES)
CLINIC = ClinicId("c1")
PEOPLE = tuple(PatientRef(f"patient-{number}") for number in range(500))
AT = datetime(2027, 1, 11, 9, tzinfo=UTC)


def test_two_projects_share_no_pseudonym_and_one_keeps_its_own():
    ones = {ONE.pseudonym(CLINIC, ref) for ref in PEOPLE}

    assert len(ones) == len(PEOPLE)
    assert ones == {ONE.pseudonym(CLINIC, ref) for ref in PEOPLE}
    assert not ones & {OTHER.pseudonym(CLINIC, ref) for ref in PEOPLE}
    assert ONE.pseudonym(CLINIC, PEOPLE[0]) != ONE.pseudonym(ClinicId("c2"), PEOPLE[0])


def test_days_are_moved_by_1_to_365_days_and_distances_stay():
    moved = {(AT.date() - ONE.shifted(CLINIC, ref, AT)).days for ref in PEOPLE}

    assert 1 <= min(moved) < max(moved) <= 365
    assert len(moved) > 100
    for ref in PEOPLE[:20]:
        later = ONE.shifted(CLINIC, ref, AT + timedelta(days=90))
        assert (later - ONE.shifted(CLINIC, ref, AT)).days == 90


def test_the_key_shows_in_no_text_and_is_never_written_over(tmp_path):
    path = tmp_path / "project.key"
    new_project(path)

    project = read_project(path)

    assert len(project.key) == KEY_BYTES
    assert repr(project) == "Project()"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError):
        new_project(path)


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        pytest.param(b64encode(b"a" * KEY_BYTES), 0o640, id="others-read-it"),
        pytest.param(b64encode(b"a" * (KEY_BYTES - 1)), 0o600, id="too-short"),
        pytest.param(b"no base64!", 0o600, id="no-base64"),
    ],
)
def test_a_file_that_is_no_safe_key_is_refused(tmp_path, content, mode):
    path = tmp_path / "project.key"
    path.write_bytes(content)
    os.chmod(path, mode)

    with pytest.raises(SettingsError):
        read_project(path)
