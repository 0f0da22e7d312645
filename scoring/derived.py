"""A derived score: made of scores of several questionnaires, and never of answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from questionnaires.model import Text
from scoring.combination import first_match
from scoring.condition import Params, Value
from scoring.result import RuleVersion, Score
from scoring.rule import BandLabel, ScoreDefinition, Values
from scoring.scores import write_score


@dataclass(frozen=True, slots=True)
class DerivedInput:
    """One score that a derived score reads.

    Args:
        name: as conditions call it.
        questionnaire: short name, such as `cat`.
        score: score id of its rule.
    """

    name: str
    questionnaire: str
    score: str


@dataclass(frozen=True, slots=True)
class DerivedRule:
    """A category made of scores of several questionnaires.

    Args:
        version: id, version and hash of the file.
        title: short name.
        inputs: by name, in order.
        definition: rows, codes and words.
        allowed: parameter -> allowed values.
        params: parameter -> default.
        approval: `draft` until two named people approved this exact file.
    """

    version: RuleVersion
    title: Text
    inputs: Mapping[str, DerivedInput]
    definition: ScoreDefinition
    allowed: Mapping[str, Values]
    params: Params
    approval: str = "draft"

    @property
    def codes(self) -> tuple[str, ...]:
        """List the codes that it can give, least severe first."""
        return self.definition.codes

    def band_label(self, code: str) -> BandLabel | None:
        """Name a code; None if it has no such code."""
        return self.definition.words.get(code)


def derive(rule: DerivedRule, scores: Mapping[str, Score | None], *, params: Params | None = None) -> Score:
    """Compute a derived score.

    Args:
        rule: compiled.
        scores: input name -> the score that counts now; None or left out where there is none.
        params: overrides of the rule's parameters.

    Returns:
        A category whose answered and missing count the inputs. It is estimated when an input is missing or is itself
        estimated; without a code the reason is `input-missing`.

    Source: the sheet in `docs/clinical/`.
    """
    used = rule.params if params is None else MappingProxyType({**rule.params, **params})
    given = {name: scores.get(name) for name in rule.inputs}
    values = {name: _value(one) for name, one in given.items()}
    missing = sum(value is None for value in values.values())
    code = first_match(rule.definition.rows, values, used).code
    made = write_score(rule.definition, code, (len(values) - missing, missing), used, "input-missing")
    guessed = any(one is not None and one.estimated for one in given.values())
    return replace(made, estimated=True) if guessed and code is not None else made


def _value(score: Score | None) -> Value | None:
    if score is None:
        return None
    return score.band if score.value is None else score.value
