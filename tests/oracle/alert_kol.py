"""The alert of COPD, read aloud from its source sheet; not from the code it judges."""

from typing import Any

COLOURS = ["GREEN", "UNKNOWN", "YELLOW", "RED"]
URGENCIES = ["routine", "planned-4-weeks", "within-2-weeks", "within-1-week", "same-day", "emergency"]


REQUIRED = {
    "danger": "within-1-week",
    "exacNow": "within-2-weeks",
    "dischargeNew": "within-2-weeks",
    "cat": "planned-4-weeks",
    "mrc": "planned-4-weeks",
    "assessed": "planned-4-weeks",
}


def at_least(value: Any, limit: int) -> bool:
    return value is not None and value >= limit


def alert_kol(given: dict[str, Any], *, cat_estimated: bool) -> dict[str, Any]:
    """The seventeen rows of alert/kol, read aloud from the source sheet."""
    fresh = given.get("assessed") == "no"
    base, last, now = given.get("catDeltaBase"), given.get("catDeltaLast"), given.get("exacNow")
    mrc_base, mrc_last = given.get("mrcDeltaBase"), given.get("mrcDeltaLast")
    cat, mrc = given.get("cat"), given.get("mrc")
    said = [
        ("K01", given.get("danger") == "yes", "RED", "emergency"),
        ("K02", at_least(now, 2), "RED", "same-day"),
        ("K03", given.get("dischargeNew") == "yes", "RED", "within-2-weeks"),
        ("K04", at_least(given.get("adm12New"), 1), "YELLOW", "within-2-weeks"),
        ("K05", at_least(given.get("exac12New"), 1), "YELLOW", "planned-4-weeks"),
        ("K06", at_least(base, 5) and at_least(last, 5), "YELLOW", "within-2-weeks"),
        ("K07", at_least(base, 5), "YELLOW", "planned-4-weeks"),
        ("K08", at_least(now, 1) and at_least(base, 3), "YELLOW", "within-2-weeks"),
        ("K09", at_least(mrc_base, 1) and at_least(mrc_last, 1) and at_least(base, 2), "YELLOW", "planned-4-weeks"),
        ("K10", at_least(mrc_base, 2), "YELLOW", "within-2-weeks"),
        ("K11", fresh and cat is not None and cat > 30, "YELLOW", "within-2-weeks"),
        ("K12", fresh and cat is not None and cat > 20, "YELLOW", "planned-4-weeks"),
        ("K13", fresh and at_least(mrc, 5), "YELLOW", "within-2-weeks"),
        ("K14", fresh and at_least(mrc, 3), "YELLOW", "planned-4-weeks"),
        ("K15", fresh and at_least(given.get("adm12"), 1), "YELLOW", "within-2-weeks"),
        ("K16", fresh and at_least(given.get("exac12"), 2), "YELLOW", "planned-4-weeks"),
    ]
    rows = [(name, colour, urgency) for name, holds, colour, urgency in said if holds]
    for name, urgency in REQUIRED.items():
        if given.get(name) is None or (name == "cat" and cat_estimated):
            rows.append((f"unknown:{name}", "UNKNOWN", urgency))
    if not rows:
        rows = [("K99", "GREEN", "routine")]
    colour = COLOURS[max(COLOURS.index(row[1]) for row in rows)]
    worst = [row for row in rows if row[1] == colour]
    most = max(URGENCIES.index(row[2]) for row in worst)
    return {
        "alert": colour,
        "urgency": URGENCIES[max(URGENCIES.index(row[2]) for row in rows)],
        "reasons": [row[0] for row in rows],
        "action": next(row[0] for row in worst if URGENCIES.index(row[2]) == most),
        "incomplete": any(row[1] == "UNKNOWN" for row in rows),
    }
