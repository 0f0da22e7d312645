"""Health literacy and support: shk-draft, HLS19-Q12, HLS-EU-Q16, HLQ in both extents, eHLQ, B-HLA, BHLS and SILS."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tests.oracle.reading import (
    Answers,
    Asked,
    Instrument,
    Params,
    Told,
    category,
    graded,
    mean_of,
    number,
    points,
    whole_sum,
)

SHK = tuple(f"shk-{place}" for place in range(1, 8))


def shk_draft(answers: Answers, params: Params) -> dict[str, Told]:
    """Two 3s are red; one 3 or two answers of 2 and more are yellow; a gap gives nothing; all else is green."""
    given = points(answers, SHK)
    impact, support = whole_sum(answers, SHK[:3]), whole_sum(answers, SHK[3:])
    threes, twos = sum(one >= 3 for one in given), sum(one >= 2 for one in given)
    colour: str | None
    if threes >= 2:
        colour = "red"
    elif threes == 1 or twos >= 2:
        colour = "yellow"
    else:
        colour = "green" if len(given) == 7 else None
    return {
        "impactSum": number(impact, 0, len(points(answers, SHK[:3])), 3),
        "supportSum": number(support, 0, len(points(answers, SHK[3:])), 4),
        "count3": number(threes if given else None, 0, len(given), 7),
        "count2": number(twos if given else None, 0, len(given), 7),
        "colour": category(colour, len(given), 7),
    }


HLS19 = tuple(f"hls19-{place:02d}" for place in range(1, 13))


def hls19_q12(answers: Answers, params: Params) -> dict[str, Told]:
    """Levels by shares of the valid answers, of which ten are needed; "don't know" is none."""
    given = points(answers, HLS19)
    valid = len(given)
    if valid < 10:
        nothing = {name: number(None, 4, valid, 12) for name in ("score", "shareVeryEasy", "shareDifficult")}
        return {**nothing, "level": category(None, valid, 12)}
    easy = Fraction(sum(one >= 3 for one in given), valid)
    very_easy = Fraction(given.count(4), valid)
    difficult = Fraction(sum(one <= 2 for one in given), valid)
    return {
        "score": number(100 * easy, 2, valid, 12),
        "shareVeryEasy": number(very_easy, 4, valid, 12),
        "shareDifficult": number(difficult, 4, valid, 12),
        "level": category(_level(easy, very_easy, difficult), valid, 12),
    }


def _level(easy: Fraction, very_easy: Fraction, difficult: Fraction) -> str:
    if very_easy > Fraction(1, 2) and difficult <= Fraction(1, 12):
        return "excellent"
    if easy >= Fraction(10, 12) and difficult <= Fraction(2, 12):
        return "sufficient"
    if difficult > Fraction(1, 2) and very_easy <= Fraction(1, 12):
        return "inadequate"
    return "problematic"


HLS_EU = tuple(f"hlseu16-{place:02d}" for place in range(1, 17))


def hls_eu_q16(answers: Answers, params: Params) -> dict[str, Told]:
    """Count the easy ones among at least fourteen valid answers."""
    given = points(answers, HLS_EU)
    if len(given) < 14:
        return {"score": number(None, 0, len(given), 16)}
    easy = sum(one >= 3 for one in given)
    band = "inadequate" if easy <= 8 else "problematic" if easy <= 12 else "sufficient"
    return {"score": number(easy, 0, len(given), 16, band)}


def scale_means(form: str, prefix: str, scales: Mapping[int, tuple[int, int]]) -> Instrument:
    """A form of scales without total and cut-offs: the mean of each, if at least half of it is answered.

    Args:
        form: short name.
        prefix: of its linkIds.
        scales: number of the scale -> how many items, and how many grades from 1.
    """
    items = {scale: graded(f"{prefix}-{scale}", count, 1, top) for scale, (count, top) in scales.items()}

    def score(answers: Answers, params: Params) -> dict[str, Told]:
        return {f"scale{scale}": _half_known(answers, [item.link_id for item in items[scale]]) for scale in scales}

    return Instrument(form, tuple(item for scale in scales for item in items[scale]), score)


def _half_known(answers: Answers, link_ids: Sequence[str]) -> Told:
    half = (len(link_ids) + 1) // 2
    return number(mean_of(answers, link_ids, half), 2, len(points(answers, link_ids)), len(link_ids))


HLQ = {1: (4, 4), 2: (4, 4), 3: (5, 4), 4: (5, 4), 5: (5, 4), 6: (5, 5), 7: (6, 5), 8: (5, 5), 9: (5, 5)}
BHLA = tuple(f"bhla-{place:02d}" for place in range(1, 11))
BHLS = ("bhls-1", "bhls-2", "bhls-3")


def b_hla(answers: Answers, params: Params) -> dict[str, Told]:
    return {"sum": number(whole_sum(answers, BHLA), 0, len(points(answers, BHLA)), 10)}


def bhls(answers: Answers, params: Params) -> dict[str, Told]:
    """The sum, the item about forms with its cut at 2, and each item on its own."""
    forms = points(answers, [BHLS[1]])
    band = None if not forms else "possible-limited" if forms[0] >= 2 else "not-limited"
    answered = len(points(answers, BHLS))
    flags = tuple(Fraction(int(answers[one]) >= 2) if one in answers else None for one in BHLS)
    known = flags if answered else None
    return {
        "sum": number(whole_sum(answers, BHLS), 0, answered, 3),
        "forms": number(forms[0] if forms else None, 0, len(forms), 1, band),
        "flags": Told(known, known, None, 0 < answered < 3, answered, 3 - answered),
    }


def sils(answers: Answers, params: Params) -> dict[str, Told]:
    given = points(answers, ["sils-1"])
    if not given:
        return {"score": number(None, 0, 0, 1)}
    return {"score": number(given[0], 0, 1, 1, "positive" if given[0] > 2 else "negative")}


INSTRUMENTS: Mapping[str, Instrument] = {
    one.id: one
    for one in (
        Instrument("shk-draft", graded("shk", 7, 0, 3), shk_draft, {"colour": frozenset({"green", "yellow", "red"})}),
        Instrument(
            "hls19-q12",
            graded("hls19", 12, 1, 4, width=2, more=("dont-know",)),
            hls19_q12,
            {"level": frozenset({"excellent", "sufficient", "problematic", "inadequate"})},
        ),
        Instrument(
            "hls-eu-q16",
            graded("hlseu16", 16, 1, 4, width=2, more=("dont-know",)),
            hls_eu_q16,
            {"score": frozenset({"inadequate", "problematic", "sufficient"})},
        ),
        scale_means("hlq", "hlq", HLQ),
        scale_means("hlq-dk-2", "hlq", {6: (5, 4), 9: (5, 4)}),
        scale_means("ehlq", "ehlq", dict.fromkeys(range(1, 8), (5, 4))),
        Instrument("b-hla", graded("bhla", 10, 1, 4, width=2), b_hla),
        Instrument(
            "bhls",
            tuple(Asked(name, (0, 1, 2, 3, 4)) for name in BHLS),
            bhls,
            {"forms": frozenset({"not-limited", "possible-limited"})},
        ),
        Instrument("sils", (Asked("sils-1", (1, 2, 3, 4, 5)),), sils, {"score": frozenset({"negative", "positive"})}),
    )
}
