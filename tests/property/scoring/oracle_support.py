"""A second reading of health literacy, support need and the GOLD group, written from docs/clinical/."""

from collections.abc import Sequence
from fractions import Fraction

Points = int | None


def support_colour(answers: Sequence[Points]) -> str | None:
    """Two answers at 3: red. One at 3, or two at 2 and up: yellow. Else a gap gives nothing, and none gives green."""
    threes = sum(one == 3 for one in answers if one is not None)
    twos = sum(one >= 2 for one in answers if one is not None)
    if threes >= 2:
        return "red"
    if threes == 1 or twos >= 2:
        return "yellow"
    return None if None in answers else "green"


def literacy(answers: Sequence[Points]) -> tuple[Fraction, str] | None:
    """Share of easy and very easy, times 100, and the level, over at least ten valid answers of twelve."""
    valid = [one for one in answers if one is not None]
    if len(valid) < 10:
        return None
    easy, very_easy = sum(one >= 3 for one in valid), sum(one == 4 for one in valid)
    hard, count = len(valid) - easy, len(valid)
    score = Fraction(100 * easy) / count
    if 2 * very_easy > count and 12 * hard <= count:
        return score, "excellent"
    if 12 * easy >= 10 * count and 12 * hard <= 2 * count:
        return score, "sufficient"
    if 2 * hard > count and 12 * very_easy <= count:
        return score, "inadequate"
    return score, "problematic"


def gold_group(
    cat: Fraction | int | None, mmrc: int | None, exac12: int | None, adm12: int | None, edition: str = "gold-2026"
) -> str | None:
    """E as soon as the known counts suffice; else both counts and at least one symptom score are needed."""
    enough = 1 if edition == "gold-2026" else 2
    if (adm12 is not None and adm12 >= 1) or (exac12 is not None and exac12 >= enough):
        return "E"
    if exac12 is None or adm12 is None:
        return None
    if (cat is not None and cat >= 10) or (mmrc is not None and mmrc >= 2):
        return "B"
    return None if cat is None and mmrc is None else "A"
