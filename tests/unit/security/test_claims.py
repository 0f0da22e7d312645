"""What a broker says of a person: at least substantial, one person, a known role, a clinic; else nobody is let in."""

import pytest

from kernel.errors import AccessError
from security.actor import Role
from security.claims import Assurance, CitizenRules, ClaimRules, citizen_of, identity_of
from security.cpr import Identifier

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


CITIZEN = CitizenRules("dk.cpr", "loa", RULES.levels)


@pytest.mark.parametrize("number", ["2512489996", "251248-9996", ["2512489996"]])
def test_a_citizen_is_the_number_that_the_broker_says(number):
    assert citizen_of({"dk.cpr": number, "loa": "high"}, CITIZEN) == Identifier("cpr", "2512489996")


@pytest.mark.parametrize(
    "claims",
    [
        {"loa": "high"},
        {"dk.cpr": "2512489996"},
        {"dk.cpr": "2512489996", "loa": "low"},
        {"dk.cpr": "1", "loa": "high"},
        {"dk.cpr": ["2512489996", "0104909995"], "loa": "high"},
        {"dk.cpr": 2512489996, "loa": "high"},
    ],
)
def test_without_a_sure_number_nobody_is_let_in_and_nothing_is_repeated(claims):
    with pytest.raises(AccessError) as caught:
        citizen_of(claims, CITIZEN)

    assert "2512" not in caught.value.text
