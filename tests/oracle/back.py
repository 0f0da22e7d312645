"""Back pain: lrs-flags, STarT Back, NRS, RMDQ with 23 and 24 items, ODI, PSFS and OMPSQ-10."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from tests.oracle.reading import (
    ACTIVITY,
    Answers,
    Asked,
    Instrument,
    Params,
    Told,
    any_yes,
    category,
    graded,
    half_up,
    mean_of,
    number,
    points,
    whole_sum,
    yes_no,
)

CAUDA = ("lrs-flags-01", "lrs-flags-02", "lrs-flags-03")
STRONG = ("lrs-flags-04", "lrs-flags-05", "lrs-flags-06", "lrs-flags-07")
WEAK = ("lrs-flags-09", "lrs-flags-10", "lrs-flags-11", "lrs-flags-12")
NEW = "lrs-flags-08"
SIZES = frozenset({"small", "some", "large"})
RISKS = frozenset({"low", "medium", "high"})


def lrs_flags(answers: Answers, params: Params) -> dict[str, Told]:
    """Cauda equina, strong flags, weak flags (asked in a new episode only), and whether there is one."""
    return {
        "cauda": category(any_yes(answers, CAUDA), len(points(answers, CAUDA)), 3),
        "redStrong": category(any_yes(answers, STRONG), len(points(answers, STRONG)), 4),
        "redWeak": _weak(answers),
        "newEpisode": category(any_yes(answers, [NEW]), len(points(answers, [NEW])), 1),
    }


def _weak(answers: Answers) -> Told:
    if answers.get(NEW) is None:
        return number(None, 0, 0, 0)
    if answers[NEW] is False:
        return number(0, 0, 0, 0)
    flags = points(answers, WEAK)
    known = len(flags) == 4 or sum(flags) >= 2
    return number(sum(flags) if known else None, 0, len(flags), 4)


def _bother(answers: Answers) -> Answers:
    """Count the ninth item of STarT Back from 3 on."""
    ninth = answers.get("startback-9")
    return answers if ninth is None else {**answers, "startback-9": int(ninth) >= 3}


def _risk(total: int, psych: int) -> str:
    if total <= 3:
        return "low"
    return "high" if psych >= 4 else "medium"


STARTBACK = tuple(f"startback-{place}" for place in range(1, 10))


def startback(answers: Answers, params: Params) -> dict[str, Told]:
    """Total, psychosocial part, risk group, and the group that every completion of the gaps would give."""
    given = _bother(answers)
    total, psych = whole_sum(given, STARTBACK), whole_sum(given, STARTBACK[4:])
    answered = len(points(given, STARTBACK))
    risk = None if total is None or psych is None else _risk(total, psych)
    return {
        "total": number(total, 0, answered, 9),
        "psych": number(psych, 0, len(points(given, STARTBACK[4:])), 5),
        "risk": category(risk, answered, 9),
        "boundsRisk": category(_agreed_risk(given), answered, 9),
    }


def _agreed_risk(given: Answers) -> str | None:
    physical = [int(given[one]) for one in STARTBACK[:4] if one in given]
    psych = [int(given[one]) for one in STARTBACK[4:] if one in given]
    completions = product(range(4 - len(physical) + 1), range(5 - len(psych) + 1))
    groups = {_risk(sum(physical) + sum(psych) + more + other, sum(psych) + other) for more, other in completions}
    return groups.pop() if len(groups) == 1 else None


def nrs_pain(answers: Answers, params: Params) -> dict[str, Told]:
    given = points(answers, ["nrs-pain"])
    if not given:
        return {"score": number(None, 0, 0, 1)}
    pain = given[0]
    band = "none" if pain == 0 else "mild" if pain <= 3 else "moderate" if pain <= 6 else "severe"
    return {"score": number(pain, 0, 1, 1, band)}


def roland_morris(prefix: str, count: int) -> Instrument:
    """The same form with 23 (Danish) and with 24 items; up to six may be missing, or count as no by parameter."""
    link_ids = [f"{prefix}-{place:02d}" for place in range(1, count + 1)]

    def score(answers: Answers, params: Params) -> dict[str, Told]:
        given = points(answers, link_ids)
        answered = len(given)
        value = _roland(sum(given), answered, count, as_no=params["missing"] == "strict-no")
        if value is None:
            return {
                "score": number(None, 1, answered, count),
                "pct": number(None, 1, answered, count),
                "limitation": category(None, answered, count),
            }
        size = "small" if value <= 8 else "some" if value <= 16 else "large"
        return {
            "score": number(value, 1, answered, count),
            "pct": number(100 * value / count, 1, answered, count),
            "limitation": category(size, answered, count),
        }

    return Instrument(
        prefix, yes_no(prefix, count, width=2), score, {"limitation": SIZES}, {"missing": ("prorate", "strict-no")}
    )


def _roland(yes: int, answered: int, count: int, *, as_no: bool) -> Fraction | None:
    if as_no:
        return Fraction(yes) if answered >= 1 else None
    return Fraction(yes * count, answered) if answered >= count - 6 else None


ODI = tuple(f"odi-{place:02d}" for place in range(1, 11))


def odi(answers: Answers, params: Params) -> dict[str, Told]:
    """Percent of what the answered sections could give; the whole percent decides band and limitation."""
    given = points(answers, ODI)
    answered = len(given)
    if answered < int(params["minAnswered"]):
        return {"pct": number(None, 0, answered, 10), "limitation": category(None, answered, 10)}
    exact = Fraction(100 * sum(given), 5 * answered)
    shown = half_up(exact, 0)
    edges = ((20, "minimal"), (40, "moderate"), (60, "severe"), (80, "very-severe"), (100, "extreme"))
    band = next(code for edge, code in edges if shown <= edge)
    size = "small" if shown <= 40 else "some" if shown <= 60 else "large"
    return {"pct": number(exact, 0, answered, 10, band), "limitation": category(size, answered, 10)}


def psfs(answers: Answers, params: Params) -> dict[str, Told]:
    """Mean of the ratings of the activities that were named; an inverted form has no class of limitation."""
    ratings = [f"psfs-{place}-rating" for place in range(1, 6) if f"psfs-{place}-activity" in answers]
    answered, asked = len(points(answers, ratings)), len(ratings)
    mean = mean_of(answers, ratings, 1)
    size = None
    if mean is not None and params["direction"] == "higher-is-better":
        size = "small" if mean >= 7 else "some" if mean >= 4 else "large"
    return {"mean": number(mean, 1, answered, asked), "limitation": category(size, answered, asked)}


def _psfs_items() -> tuple[Asked, ...]:
    items = []
    for place in range(1, 6):
        before: tuple[str, None] | None = (f"psfs-{place - 1}-activity", None) if place > 1 else None
        items.append(Asked(f"psfs-{place}-activity", (ACTIVITY,), before))
        items.append(Asked(f"psfs-{place}-rating", tuple(range(11)), (f"psfs-{place}-activity", None)))
    return tuple(items)


OMPSQ = tuple(f"ompsq-{place:02d}" for place in range(1, 11))
TURNED = ("ompsq-03", "ompsq-04", "ompsq-08")


def ompsq10(answers: Answers, params: Params) -> dict[str, Told]:
    """Sum of ten, three of them turned round; the cut at 50 is at or above it by parameter."""
    turned = {name: 10 - int(one) if name in TURNED else one for name, one in answers.items()}
    total, answered = whole_sum(turned, OMPSQ), len(points(answers, OMPSQ))
    risk = None
    if total is not None:
        risk = "high" if total > 50 or (total == 50 and params["cut"] == "ge50") else "low"
    return {"total": number(total, 0, answered, 10), "risk": category(risk, answered, 10)}


YES_NO = frozenset({"yes", "no"})
INSTRUMENTS: Mapping[str, Instrument] = {
    one.id: one
    for one in (
        Instrument(
            "lrs-flags",
            (*yes_no("lrs-flags", 8, width=2), *(Asked(name, (False, True), (NEW, True)) for name in WEAK)),
            lrs_flags,
            {"cauda": YES_NO, "redStrong": YES_NO, "newEpisode": YES_NO},
        ),
        Instrument(
            "startback",
            (*yes_no("startback", 8), Asked("startback-9", (0, 1, 2, 3, 4))),
            startback,
            {"risk": RISKS, "boundsRisk": RISKS},
        ),
        Instrument(
            "nrs-pain",
            (Asked("nrs-pain", tuple(range(11))),),
            nrs_pain,
            {"score": frozenset({"none", "mild", "moderate", "severe"})},
        ),
        roland_morris("rmdq23", 23),
        roland_morris("rmdq24", 24),
        Instrument(
            "odi",
            graded("odi", 10, 0, 5, width=2),
            odi,
            {
                "pct": frozenset({"minimal", "moderate", "severe", "very-severe", "extreme"}),
                "limitation": SIZES,
            },
            {"minAnswered": (9, 8)},
        ),
        Instrument(
            "psfs",
            _psfs_items(),
            psfs,
            {"limitation": SIZES},
            {"direction": ("higher-is-better", "higher-is-worse")},
        ),
        Instrument(
            "ompsq10",
            (Asked("ompsq-01", tuple(range(1, 11))), *graded("ompsq", 10, 0, 10, width=2)[1:]),
            ompsq10,
            {"risk": frozenset({"low", "high"})},
            {"cut": ("ge50", "gt50")},
        ),
    )
}
