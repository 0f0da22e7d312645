"""What a broker says of a person: at least substantial, one person, a known role, a clinic; else nobody is let in."""

import pytest

from kernel.errors import AccessError
from security.actor import Role
from security.claims import Assurance, ClaimRules, identity_of

RULES = ClaimRules(
    name="name",
    sor="sor",
    provider_number="ydernummer",
    role="roles",
    roles={"laege": Role.CLINICIAN, "sygeplejerske": Role.CLINIC_STAFF},
    assurance="loa",
    levels={"low": Assurance.LOW, "substantial": Assurance.SUBSTANTIAL, "high": Assurance.HIGH},
)
ISSUER = "https://broker.example"
SAID = {"sub": "s-1", "name": "Lise Holm", "sor": "1", "roles": ["laege"], "loa": "substantial"}


def identity(**others):
    claims = {name: value for name, value in {**SAID, **others}.items() if value is not None}
    return identity_of(ISSUER, claims, RULES)


@pytest.mark.parametrize("level", ["substantial", "high", ["high"], ["substantial", "high"]])
def test_who_is_sure_enough_is_let_in(level):
    found = identity(loa=level)

    assert (found.issuer, found.subject, found.name, found.role) == (ISSUER, "s-1", "Lise Holm", Role.CLINICIAN)
    assert (found.sor_ids, found.provider_numbers) == (("1",), ())


@pytest.mark.parametrize(
    "level", ["low", "Substantial", "", None, 3, True, [], ["low", "high"], ["unknown", "high"], {"high": 1}]
)
def test_who_is_not_sure_enough_is_refused(level):
    with pytest.raises(AccessError):
        identity(loa=level)


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("laege", Role.CLINICIAN),
        (["sygeplejerske"], Role.CLINIC_STAFF),
        (["sygeplejerske", "laege"], Role.CLINICIAN),
        (["rengoering", "sygeplejerske"], Role.CLINIC_STAFF),
    ],
)
def test_the_first_role_of_the_rules_that_is_said_counts(roles, expected):
    assert identity(roles=roles).role is expected


@pytest.mark.parametrize(
    "others",
    [
        {"roles": None},
        {"roles": ["rengoering"]},
        {"roles": "LAEGE"},
        {"roles": [["laege"]]},
        {"sub": None},
        {"sub": ["s-1", "s-2"]},
        {"sub": 7},
        {"sub": " "},
        {"sub": "s" * 201},
        {"name": None},
        {"name": ""},
        {"sor": None},
        {"sor": 1},
    ],
    ids=str,
)
def test_who_is_not_said_who_where_or_as_what_is_refused_without_repeating_it(others):
    with pytest.raises(AccessError) as refused:
        identity(**others)

    assert "Lise" not in str(refused.value)
    assert "s-1" not in str(refused.value)


def test_a_clinic_may_be_named_by_provider_number_and_by_several_ids():
    assert identity(sor=None, ydernummer="099999").provider_numbers == ("099999",)
    assert identity(sor=["1", "2"]).sor_ids == ("1", "2")


def test_a_claim_that_no_rule_names_says_nothing():
    rules = ClaimRules("name", "", "ydernummer", "roles", RULES.roles, "loa", RULES.levels)

    with pytest.raises(AccessError):
        identity_of(ISSUER, {**SAID, "": "1"}, rules)
