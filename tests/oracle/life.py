"""Quality of life and interference: EQ-5D-5L with the Danish values, and PROMIS pain interference 4a."""

from collections.abc import Mapping
from fractions import Fraction

from tests.oracle.reading import Answers, Asked, Instrument, Params, Told, category, graded, number, points, whole_sum

LOSSES = {
    "eq5d-mo": (0, 41, 54, 157, 220),
    "eq5d-sc": (0, 35, 50, 144, 209),
    "eq5d-ua": (0, 33, 40, 139, 174),
    "eq5d-pd": (0, 48, 94, 381, 537),
    "eq5d-ad": (0, 72, 191, 430, 618),
}


def eq5d5l_dk(answers: Answers, params: Params) -> dict[str, Told]:
    """One minus the losses of five answers, the five written one after another, and the scale of health."""
    levels = points(answers, tuple(LOSSES))
    index = profile = None
    if len(levels) == 5:
        lost = sum(losses[level - 1] for losses, level in zip(LOSSES.values(), levels, strict=True))
        index = 1 - Fraction(lost, 1000)
        profile = "".join(str(level) for level in levels)
    health = points(answers, ["eq5d-vas"])
    return {
        "index": number(index, 3, len(levels), 5),
        "profile": category(profile, len(levels), 5),
        "vas": number(health[0] if health else None, 0, len(health), 1),
    }


PROMIS = tuple(f"promis-pi4a-{place}" for place in range(1, 5))


def promis_pi_4a(answers: Answers, params: Params) -> dict[str, Told]:
    """The raw sum; the T score stays unknown, because its table is licensed."""
    answered = len(points(answers, PROMIS))
    return {"raw": number(whole_sum(answers, PROMIS), 0, answered, 4), "tScore": number(None, 1, answered, 4)}


INSTRUMENTS: Mapping[str, Instrument] = {
    one.id: one
    for one in (
        Instrument(
            "eq5d5l-dk",
            (*(Asked(name, (1, 2, 3, 4, 5)) for name in LOSSES), Asked("eq5d-vas", tuple(range(101)))),
            eq5d5l_dk,
        ),
        Instrument("promis-pi-4a", graded("promis-pi4a", 4, 1, 5), promis_pi_4a),
    )
}
