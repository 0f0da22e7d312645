"""The neutral texts of notifications, read from `notices.json`: no word in them tells of health."""

import json
from pathlib import Path

LONGEST = 160
"""Characters of one NemSMS; a longer clinic name is cut, never the errand."""

_TEXTS = json.loads((Path(__file__).parent / "notices.json").read_text(encoding="utf-8"))


def notice(kind: str, *, clinic: str, language: str) -> str:
    """Return the text of one notification.

    Args:
        kind: `invitation` or `reminder`.
        clinic: the sender's name.
        language: `da` or `en`.
    """
    template: str = _TEXTS[kind][language]
    room = LONGEST - len(template.format(clinic=""))
    return template.format(clinic=clinic if len(clinic) <= room else f"{clinic[: room - 1]}…")
