"""Checks parameters that a caller chooses for a score: names and values that the rules allow, nothing else."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from kernel.errors import InvalidInputError, Issue
from scoring.catalogue import Catalogue
from scoring.condition import Params
from scoring.derived import DerivedRule
from scoring.rule import ScoringRule, Values

SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z-]{0,63}")


def chosen_params(catalogue: Catalogue, rule: ScoringRule, given: Mapping[str, Any]) -> Params:
    """Take the parameters of a rule out of what a caller chose.

    Args:
        catalogue: tells the parameters of other rules: they may be given too, so that one choice, such as the GOLD
            edition, serves responses of several instruments.
        rule: of the response.
        given: parameter -> value, decoded JSON.

    Returns:
        Those that the rule has.

    Raises:
        InvalidInputError: a parameter that no rule has, or a value that it does not take; every one is named.
    """
    issues = [issue for name, value in given.items() if (issue := _fault(name, value, _allowed(catalogue, rule, name)))]
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
    return MappingProxyType({name: value for name, value in given.items() if name in rule.allowed})


def _allowed(catalogue: Catalogue, rule: ScoringRule, name: str) -> tuple[Values, ...]:
    """List what the parameter takes: in the rule itself, else wherever it is known."""
    if name in rule.allowed:
        return (rule.allowed[name],)
    every: tuple[ScoringRule | DerivedRule, ...] = (*catalogue.rules(), *catalogue.derived_scores())
    return tuple(one.allowed[name] for one in every if name in one.allowed)


def _fault(name: str, value: Any, allowed: tuple[Values, ...]) -> Issue | None:
    shown = name if SAFE_NAME.fullmatch(name) else "?"
    if not allowed:
        return Issue("value", f"There is no parameter {shown}.", f"params.{shown}", rule="unknown-parameter")
    # Compared with its type: true is no 1.
    if any(type(value) is type(one) and value == one for values in allowed for one in values):
        return None
    taken = ", ".join(str(one) for values in allowed for one in values)
    return Issue("value", f"The parameter {shown} takes {taken}.", f"params.{shown}", rule="parameter-not-allowed")
