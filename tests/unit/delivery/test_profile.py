"""Profiles of the packages: age, diagnosis and own patient, as the file says it."""

import json
from datetime import date

import pytest

from delivery.profile import Misfit, age_on
from delivery.profile_file import load_profiles, parse_profile
from kernel.errors import ContentError

TODAY = date(2027, 1, 11)
FILE = {
    "id": "kol",
    "version": "1.0.0",
    "package": "KOL",
    "status": "proposal (draft)",
    "approval": {"state": "draft"},
    "sources": ["ours"],
    "licence": "Apache-2.0",
    "minimumAge": 18,
    "ownPatient": True,
    "diagnoses": ["R95", "DJ44"],
}


def a_profile(name="kol-1.0.0.json", **changed):
    return parse_profile(json.dumps({**FILE, **changed}).encode(), name)


def misfits(profile, diagnosis="R95", born=date(1950, 1, 1), *, own_patient=True):
    return profile.misfits(diagnosis, born, TODAY, own_patient=own_patient)


@pytest.mark.parametrize(
    ("born", "found"),
    [(date(2009, 1, 11), ()), (date(2009, 1, 12), (Misfit.TOO_YOUNG,)), (None, (Misfit.AGE_UNKNOWN,))],
    ids=["18 today", "18 tomorrow", "unknown"],
)
def test_who_is_18_today_fits_and_who_is_18_tomorrow_does_not(born, found):
    assert misfits(a_profile(), born=born) == found


@pytest.mark.parametrize(("diagnosis", "fits"), [("R95", True), ("r95", True), ("DJ.44", True), ("R96", False)])
def test_one_of_the_diagnoses_is_enough_in_any_spelling(diagnosis, fits):
    assert misfits(a_profile(), diagnosis) == (() if fits else (Misfit.DIAGNOSIS,))


def test_another_clinic_s_patient_is_told_only_where_the_profile_asks():
    assert misfits(a_profile(), own_patient=False) == (Misfit.NOT_OWN,)
    assert misfits(a_profile(ownPatient=False), own_patient=False) == ()


def test_everything_that_speaks_against_a_patient_is_told():
    found = misfits(a_profile(), "L86", date(2020, 1, 1), own_patient=False)

    assert found == (Misfit.DIAGNOSIS, Misfit.TOO_YOUNG, Misfit.NOT_OWN)


@pytest.mark.parametrize(
    ("day", "age"), [(date(2027, 2, 28), 22), (date(2027, 3, 1), 23), (date(2028, 2, 29), 24)], ids=str
)
def test_who_was_born_on_29_february_is_older_from_1_march(day, age):
    assert age_on(date(2004, 2, 29), day) == age


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"minimumAge": -1}, "minimumAge"),
        ({"minimumAge": 121}, "minimumAge"),
        ({"diagnoses": ["r95"]}, "diagnoses"),
        ({"diagnoses": ["DJ44.1"]}, "diagnoses"),
        ({"diagnoses": []}, "diagnoses"),
        ({"colour": "red"}, "colour"),
        ({"version": "1.0.1"}, "kol-1.0.1.json"),
    ],
    ids=str,
)
def test_a_file_that_is_not_sound_is_refused_with_the_field(changed, named):
    with pytest.raises(ContentError, match=named):
        a_profile(**changed)


def test_the_newest_version_of_a_package_counts(tmp_path):
    for version, age in (("1.9.0", 18), ("1.10.0", 30)):
        text = json.dumps({**FILE, "version": version, "minimumAge": age})
        (tmp_path / f"kol-{version}.json").write_text(text, encoding="utf-8")

    assert load_profiles(tmp_path).by_package["KOL"].minimum_age == 30


def test_a_diagnosis_proposes_only_packages_that_the_clinic_runs():
    profiles = load_profiles()

    assert profiles.proposed("R95", {"KOL", "LRS"}) == ("KOL",)
    assert profiles.proposed("L86", {"KOL", "LRS", "T2D"}) == ("LRS",)
    assert profiles.proposed("R95", {"LRS"}) == ()
    assert profiles.of("T2D") is None
