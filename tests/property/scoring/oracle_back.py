"""A second reading of the back-pain instruments, written from docs/clinical/ and not from the code it judges."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

YesNo = bool | None
Points = int | None


def any_yes(answers: Sequence[YesNo]) -> str | None:
    """One yes is enough; a no needs every answer."""
    if True in answers:
        return "yes"
    return None if None in answers else "no"


def weak_flags(new_episode: YesNo, flags: Sequence[YesNo]) -> int | None:
    """Counted only in a new episode: else 0; not known whether new: null. From two yes on it is known."""
    if new_episode is None:
        return None
    if new_episode is False:
        return 0
    yes = list(flags).count(True)
    return yes if yes >= 2 or None not in flags else None


def start_group(answers: Sequence[int]) -> str:
    """Nine complete answers: eight of 0-1, the ninth 0-4 counting from 3. Total to 3 low; psych 4 and up high."""
    ninth = 1 if answers[8] >= 3 else 0
    if sum(answers[:8]) + ninth <= 3:
        return "low"
    return "high" if sum(answers[4:8]) + ninth >= 4 else "medium"


def start_back(answers: Sequence[Points]) -> dict[str, int | str | None]:
    """Total, psych and risk, each strict for itself, and the group that every completion gives."""
    counted = [*answers[:8], None if answers[8] is None else int(answers[8] >= 3)]
    known = [one for one in counted if one is not None]
    psych = [one for one in counted[4:] if one is not None]
    open_ends = [[one] if one is not None else list(range(5)) if n == 8 else [0, 1] for n, one in enumerate(answers)]
    groups = {start_group(whole) for whole in product(*open_ends)}
    return {
        "total": sum(known) if len(known) == 9 else None,
        "psych": sum(psych) if len(psych) == 5 else None,
        "risk": start_group([one or 0 for one in answers]) if len(known) == 9 else None,
        "boundsRisk": groups.pop() if len(groups) == 1 else None,
    }


def nrs_band(score: int) -> str:
    return "none" if score == 0 else "mild" if score <= 3 else "moderate" if score <= 6 else "severe"


def roland_morris(answers: Sequence[YesNo], *, unmarked_is_no: bool = False) -> Fraction | None:
    """Of 23 yes/no: in proportion to the answered ones, at most six missing; or, on paper, an unmarked line is a no."""
    answered = [one for one in answers if one is not None]
    if unmarked_is_no:
        return Fraction(answered.count(True)) if answered else None
    if len(answered) < 17:
        return None
    return answered.count(True) * Fraction(23) / len(answered)


def roland_limitation(score: Fraction) -> str:
    return "small" if score <= 8 else "some" if score <= 16 else "large"


def oswestry(points: Sequence[Points], fewest: int = 9) -> Fraction | None:
    """Percent of what the answered sections could have given; one section may be left out."""
    answered = [one for one in points if one is not None]
    return Fraction(100 * sum(answered)) / (5 * len(answered)) if len(answered) >= fewest else None


def whole(value: Fraction) -> int:
    """Half up, by counting."""
    found = 0
    while found + Fraction(1, 2) <= value:
        found += 1
    return found


def oswestry_band(percent: int) -> str:
    names = ("minimal", "moderate", "severe", "very-severe", "extreme")
    return names[0] if percent <= 20 else names[min(4, (percent - 1) // 20)]


def oswestry_limitation(percent: int) -> str:
    return "small" if percent <= 40 else "some" if percent <= 60 else "large"


def patient_specific(ratings: Sequence[Points]) -> Fraction | None:
    """The mean of the ratings that were given to named activities; one is enough."""
    given = [one for one in ratings if one is not None]
    return Fraction(sum(given)) / len(given) if given else None


def patient_specific_limitation(mean: Fraction) -> str:
    """Higher is better: below 4 large, below 7 some."""
    return "large" if mean < 4 else "some" if mean < 7 else "small"


def orebro(points: Sequence[Points]) -> int | None:
    """Ten items; the third, fourth and eighth are turned round (10 - x); complete or nothing."""
    known = [one for one in points if one is not None]
    if len(known) < 10:
        return None
    return sum(10 - one if place in (3, 4, 8) else one for place, one in enumerate(known, 1))


def orebro_risk(total: int, cut: str = "ge50") -> str:
    return "high" if total > 50 or (total == 50 and cut == "ge50") else "low"
