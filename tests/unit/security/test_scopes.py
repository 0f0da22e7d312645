"""Scopes: the grammar of SMART version 2, what covers what, and what a token with scopes may do."""

import pytest

from kernel.errors import AccessError, InvalidInputError
from kernel.ids import ClinicId
from security.actor import Actor, Role
from security.policy import allow_scope
from security.scopes import Scope, cover, parse_scopes, permits, written_scopes


def system(scopes):
    return Actor(Role.SYSTEM, "lps", ClinicId("one"), scopes=None if scopes is None else parse_scopes(scopes))


@pytest.mark.parametrize("text", ["system/Patient.r", "system/*.cruds", "system/Task.cs system/CarePlan.rus"])
def test_scopes_are_read_and_written_back(text):
    assert written_scopes(parse_scopes(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", " ", "system/Patient.", "system/Patient.sr", "system/Patient.rr", "system/Patient.read", "system/Patient.*",
     "system/Patient.r?x=1", "patient/Patient.r", "user/Patient.r", "system/Patient.r  system/Task.r",
     "system/Patient.r ", "System/Patient.r", "system/patient.r", "system/**.r", "system/Patient.r\n", "openid",
     "system/Patient.r " + "system/Task.r " * 100 + "system/Task.s"],
)  # fmt: skip
def test_what_is_no_scope_of_version_two_is_refused(text):
    with pytest.raises(InvalidInputError):
        parse_scopes(text)


def test_a_scope_that_is_named_twice_is_one():
    assert parse_scopes("system/Patient.r system/Patient.r") == (Scope("Patient", "r"),)


@pytest.mark.parametrize(
    ("granted", "wanted", "covered"),
    [
        ("system/Patient.rs", "system/Patient.rs", True),
        ("system/Patient.rs", "system/Patient.s", True),
        ("system/Patient.s", "system/Patient.rs", False),
        ("system/*.rs", "system/Patient.rs", True),
        ("system/Patient.rs", "system/*.r", False),
        ("system/*.r", "system/*.r", True),
        ("system/Patient.r system/Patient.s", "system/Patient.rs", True),
        ("system/Patient.r", "system/Patient.r system/Task.r", False),
        ("system/Patient.r", "system/PatientX.r", False),
    ],
)
def test_what_was_granted_covers_what_lies_within_it(granted, wanted, covered):
    assert cover(parse_scopes(granted), parse_scopes(wanted)) is covered


def test_a_token_may_do_what_one_of_its_scopes_covers():
    scopes = parse_scopes("system/Patient.r system/Task.c")

    assert permits(scopes, "Patient", "r")
    assert permits(scopes, "Task", "c")
    assert not permits(scopes, "Patient", "c")
    assert not permits(scopes, "CarePlan", "r")


def test_a_token_without_scopes_is_limited_by_its_role_alone():
    allow_scope(system(None), "Patient", "d")
    allow_scope(system(None), "", "")


@pytest.mark.parametrize(("resource", "letter"), [("Patient", "s"), ("Task", "r"), ("", ""), ("*", "r")])
def test_a_token_with_scopes_opens_nothing_else(resource, letter):
    allow_scope(system("system/Patient.r"), "Patient", "r")

    with pytest.raises(AccessError):
        allow_scope(system("system/Patient.r"), resource, letter)


def test_a_route_that_demands_nothing_is_not_opened_by_a_scope_for_everything():
    with pytest.raises(AccessError):
        allow_scope(system("system/*.cruds"), "", "")
