"""COPD: kol-status, CAT, MRC, CCQ, and the GOLD group that is derived from them."""

from collections.abc import Mapping
from fractions import Fraction

from tests.oracle.reading import (
    Answers,
    Asked,
    Instrument,
    Number,
    Params,
    Told,
    any_yes,
    category,
    graded,
    mean_of,
    number,
    points,
    yes_no,
)

DANGER = ("kol-status-1", "kol-status-2", "kol-status-3")
CARDINAL = ("kol-status-4", "kol-status-5", "kol-status-6")
COUNT = tuple(range(21))


def kol_status(answers: Answers, params: Params) -> dict[str, Told]:
    """Danger, signs of a flare-up (known as soon as two are there), discharge, and two counts of a year."""
    signs = points(answers, CARDINAL)
    known = len(signs) == 3 or sum(signs) >= 2
    flares, stays = points(answers, ["kol-status-8"]), points(answers, ["kol-status-9"])
    return {
        "danger": category(any_yes(answers, DANGER), len(points(answers, DANGER)), 3),
        "exacNow": number(sum(signs) if known else None, 0, len(signs), 3),
        "discharge30d": category(any_yes(answers, ["kol-status-7"]), len(points(answers, ["kol-status-7"])), 1),
        "exac12": number(flares[0] if flares else None, 0, len(flares), 1),
        "adm12": number(stays[0] if stays else None, 0, len(stays), 1),
    }


def cat_band(total: Fraction) -> str:
    if total < 10:
        return "low"
    if total <= 20:
        return "medium"
    return "high" if total <= 30 else "very-high"


def cat(answers: Answers, params: Params) -> dict[str, Told]:
    """Eight items; up to two (by parameter) may be missing and count as the mean of the others."""
    given = points(answers, [f"cat-{place}" for place in range(1, 9)])
    if len(given) < int(params["minAnswered"]):
        return {"catTotal": number(None, 1, len(given), 8)}
    total = Fraction(sum(given) * 8, len(given))
    return {"catTotal": number(total, 1, len(given), 8, cat_band(total))}


def mmrc(answers: Answers, params: Params) -> dict[str, Told]:
    """The Danish grade 1-5, and the international one, which is one less."""
    given = points(answers, ["mrc-1"])
    if not given:
        return {"mrc": number(None, 0, 0, 1), "mmrc": number(None, 0, 0, 1)}
    international = given[0] - 1
    band = "more-breathless" if international >= 2 else "less-breathless"
    return {"mrc": number(given[0], 0, 1, 1), "mmrc": number(international, 0, 1, 1, band)}


def ccq(answers: Answers, params: Params) -> dict[str, Told]:
    """Means of three domains and of all ten; the total asks for all three domains and eight answers."""
    parts = {"symptom": ((1, 2, 5, 6), 3), "functional": ((7, 8, 9, 10), 3), "mental": ((3, 4), 2)}
    told = {}
    for name, (places, at_least) in parts.items():
        link_ids = [f"ccq-{place}" for place in places]
        mean = mean_of(answers, link_ids, at_least)
        told[name] = number(mean, 2, len(points(answers, link_ids)), len(link_ids))
    everything = [f"ccq-{place}" for place in range(1, 11)]
    total = mean_of(answers, everything, 8)
    if any(told[name].value is None for name in parts):
        total = None
    band = None if total is None else "symptomatic" if total >= 1 else "low-symptom"
    told["total"] = number(total, 2, len(points(answers, everything)), 10, band)
    return told


def gold_group(cat: Number, mmrc: Number, exac12: Number, adm12: Number, edition: str) -> Told:
    """E by what the year brought (one treated flare-up is enough from 2026 on), else B by symptoms, else A."""
    known = sum(one is not None for one in (cat, mmrc, exac12, adm12))
    return category(_group(cat, mmrc, exac12, adm12, 1 if edition == "gold-2026" else 2), known, 4)


def _group(cat: Number, mmrc: Number, exac12: Number, adm12: Number, flares: int) -> str | None:
    if (adm12 is not None and adm12 >= 1) or (exac12 is not None and exac12 >= flares):
        return "E"
    if exac12 is None or adm12 is None:
        return None
    if (cat is not None and cat >= 10) or (mmrc is not None and mmrc >= 2):
        return "B"
    return None if cat is None and mmrc is None else "A"


YES_NO = frozenset({"yes", "no"})
INSTRUMENTS: Mapping[str, Instrument] = {
    one.id: one
    for one in (
        Instrument(
            "kol-status",
            (*yes_no("kol-status", 7), Asked("kol-status-8", COUNT), Asked("kol-status-9", COUNT)),
            kol_status,
            {"danger": YES_NO, "discharge30d": YES_NO},
        ),
        Instrument(
            "cat",
            graded("cat", 8, 0, 5),
            cat,
            {"catTotal": frozenset({"low", "medium", "high", "very-high"})},
            {"minAnswered": (6, 7, 8)},
        ),
        Instrument(
            "mmrc",
            (Asked("mrc-1", (1, 2, 3, 4, 5)),),
            mmrc,
            {"mmrc": frozenset({"less-breathless", "more-breathless"})},
        ),
        Instrument("ccq", graded("ccq", 10, 0, 6), ccq, {"total": frozenset({"low-symptom", "symptomatic"})}),
    )
}
