"""Numbers and names that a page tells are those of the code: limits of calls, lives of sessions, settings."""

import re
from datetime import timedelta

import pytest

from flow.issue_token import TOKEN_LIFE_S
from flow.own_sessions import FRESH
from flow.staff_sessions import IDLE, LONGEST
from kernel.settings_values import KNOWN, OUTGOING
from questionnaires.strict_json import MOST_BYTES, MOST_BYTES_ATTACHED
from tests.unit.house.house import ROOT, tables
from web.rates import FORMS, LINKS, SIGN_INS, TOKENS, WRONG_LINKS, WRONG_SIGN_INS, WRONG_SIGNATURES, WRONG_TOKENS

OPERATIONS = ROOT / "docs" / "operations.md"
SIGNING_IN = ROOT / "docs" / "signing-in.md"
NOBODY = None
RATES = {
    "`/p/i/<token>`": (LINKS, WRONG_LINKS),
    "signing in of staff": (SIGN_INS, WRONG_SIGN_INS),
    "`/oauth/token`": (TOKENS, WRONG_TOKENS),
    "`/fhir`, `/api` without a valid token": (NOBODY, WRONG_TOKENS),
    "`/channels/<name>/events` with a wrong signature": (NOBODY, WRONG_SIGNATURES),
    "every form of `/p` and `/clinic`": (FORMS, NOBODY),
}


def number(rate):
    return "-" if rate is NOBODY else str(rate.most)


@pytest.mark.parametrize("door", RATES)
def test_the_operators_page_tells_how_often_a_door_may_be_knocked_at(door):
    (row,) = [row for row in tables(OPERATIONS) if row[0] == door]

    assert row[2:] == [number(rate) for rate in RATES[door]]
    assert {rate.window_s for rate in RATES[door] if rate} == {60}


def test_the_page_on_signing_in_tells_how_long_sessions_and_tokens_live():
    text = SIGNING_IN.read_text(encoding="utf-8")

    minutes, hours = IDLE // timedelta(minutes=1), LONGEST // timedelta(hours=1)
    assert f"after {minutes} minutes without use, after {hours} hours" in text
    assert f"good for {TOKEN_LIFE_S} seconds" in text
    assert f"signed in more than {FRESH // timedelta(minutes=1)} minutes ago" in text


def test_the_operators_page_tells_how_large_a_body_may_be():
    text = re.sub(r"\s+", " ", OPERATIONS.read_text(encoding="utf-8"))

    assert f"more than {MOST_BYTES // 1024} KiB (413)" in text
    assert f"read {MOST_BYTES_ATTACHED // 1024**2} MiB" in text


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_operators_page_tells_every_setting(name):
    rows = [row for row in tables(OPERATIONS) if f"`SVARBRO_{name.upper()}`" in row[0]]

    assert len(rows) == 1
    # Whom the service calls stands there with what it is called for.
    assert name not in OUTGOING or "address" in rows[0][1] or "print service" in rows[0][1]
