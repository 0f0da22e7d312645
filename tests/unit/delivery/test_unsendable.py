"""A programme asks nothing whose scoring is not verified."""

import json

import pytest

from delivery.content import Content
from delivery.programme import PROGRAMMES, Programmes
from kernel.errors import ContentError
from tests.released import RELEASED

CONTENT = Content(RELEASED)
UNSENDABLE = sorted(rule.version.id for rule in CONTENT.catalogue.rules() if not rule.sendable)


def loaded(tmp_path, asked, *, in_slot=False):
    programme = CONTENT.programmes.newest("kol-free")
    fields = json.loads((PROGRAMMES / f"kol-free-{programme.version}.json").read_bytes())
    if in_slot:
        fields["slots"]["healthLiteracy"]["alternatives"] = [asked]
        # Without its needs the programme may fill the slot with anything.
        del fields["needs"]
    else:
        fields["occasions"][0]["ask"] = [*fields["occasions"][0]["ask"], asked]
    (tmp_path / f"kol-free-{programme.version}.json").write_text(json.dumps(fields), encoding="utf-8")
    return Programmes.load(tmp_path, registry=CONTENT.questionnaires, catalogue=CONTENT.catalogue)


@pytest.mark.parametrize("asked", UNSENDABLE)
def test_a_programme_that_asks_unverified_scoring_stops_the_start_and_says_why(tmp_path, asked):
    with pytest.raises(ContentError, match=f"asks {asked}, which may not be sent: .*(recalled|unverified)"):
        loaded(tmp_path, asked)


def test_no_slot_can_be_filled_with_unverified_scoring_either(tmp_path):
    with pytest.raises(ContentError, match="asks b-hla, which may not be sent"):
        loaded(tmp_path, "b-hla", in_slot=True)


@pytest.mark.parametrize("asked", ["ccq", "promis-pi-4a", "eq5d5l-dk", "hls-eu-q16"])
def test_a_programme_may_ask_an_optional_instrument_of_verified_scoring(tmp_path, asked):
    assert loaded(tmp_path, asked).newest("kol-free")
