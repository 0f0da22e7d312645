"""Notifications: short, neutral, from the clinic."""

import re

import pytest

from delivery.notices import LONGEST, notice

CLINIC = "Lægerne ved Åen"
HEALTH_WORDS = r"KOL|lunge|ryg|åndenød|sygdom|smerte|COPD|lung|back|disease|pain|breath"


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_notification_names_the_clinic_and_no_illness(language):
    text = notice("invitation", clinic=CLINIC, language=language)

    assert CLINIC in text
    assert len(text) <= LONGEST
    assert not re.search(HEALTH_WORDS, text.replace(CLINIC, ""), re.IGNORECASE)


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_long_clinic_name_is_cut_and_the_errand_is_kept(language):
    room = LONGEST - len(notice("invitation", clinic="", language=language))

    fits = notice("invitation", clinic="å" * room, language=language)
    cut = notice("invitation", clinic="å" * (room + 1), language=language)

    assert (len(fits), len(cut)) == (160, 160)
    assert "…" not in fits
    assert "å" * (room - 1) + "…" in cut
