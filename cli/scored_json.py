"""The JSON of scores that others script against: section 6 of the architecture."""

from kernel.errors import SvarbroError
from scoring.result import Score, Scored


def scored_json(scored: Scored) -> dict[str, object]:
    """Write the scores of one response."""
    return {
        "questionnaire": scored.questionnaire,
        "scores": [_score(one) for one in scored.scores],
        "error": None,
    }


def refused(error: SvarbroError, questionnaire: str | None) -> dict[str, object]:
    """Write why there are no scores: the first fault, with the item concerned if there is one.

    Args:
        questionnaire: `url|version` of the response, if it is one that we know.
    """
    first = error.issues[0]
    fault = {"code": first.rule or first.code, "linkId": first.link_id, "text": first.text}
    return {"questionnaire": questionnaire, "scores": [], "error": fault}


def _score(score: Score) -> dict[str, object]:
    return {
        "id": score.id,
        "value": _value(score),
        "display": _display(score),
        "band": score.band,
        "estimated": score.estimated,
        "answered": score.answered,
        "missing": score.missing,
    }


def _value(score: Score) -> int | str | list[int | None] | None:
    """Write a whole number as a number, every other as a fraction such as `160/7`, a vector as a list."""
    if score.entries is not None:
        return list(score.entries)
    if score.value is None:
        return None
    return score.value.numerator if score.value.denominator == 1 else str(score.value)


def _display(score: Score) -> int | float | list[int | None] | None:
    """Write what is shown; the entries of a vector are whole and shown as they are."""
    if score.entries is not None:
        return list(score.entries)
    return None if score.display is None else _shown(score.display)


def _shown(display: str) -> int | float:
    """Write the shown number as a JSON number; its few digits survive the way through a float."""
    return float(display) if "." in display else int(display)
