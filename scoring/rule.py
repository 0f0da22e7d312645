"""A scoring rule, compiled: the scores of one questionnaire version with their labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from kernel.ids import Canonical
from questionnaires.model import Answer, Coded, Text
from scoring.change import Change
from scoring.combination import Choice
from scoring.compiled import CompiledRule
from scoring.condition import Condition, Params
from scoring.missing import MissingRule
from scoring.number import Number
from scoring.operations import Constants
from scoring.result import RuleVersion

Values = tuple[int, ...] | tuple[str, ...]
"""Allowed values of a parameter, all numbers or all words."""


@dataclass(frozen=True, slots=True)
class BandLabel:
    """The words of a band or category.

    Args:
        clinician: for the clinic; never shown to patients.
        patient: for the patient.
    """

    clinician: Text
    patient: Text


@dataclass(frozen=True, slots=True)
class Band:
    """One band of a number score.

    Args:
        code: of the band.
        when: the values it holds.
    """

    code: str
    when: Condition


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """One item of a score.

    Args:
        link_id: of the item.
        points: (system, code) of an option -> points, recoded, reversed or counted as the rule says; empty for numbers
            and yes/no. Options without points are left out: they count as unanswered.
        possible: every number of points an answer can have.
    """

    link_id: str
    points: Mapping[tuple[str, str], int]
    possible: frozenset[int] = frozenset()

    def points_of(self, answer: Answer) -> int | None:
        """Give the points of an answer; true is 1 here, and nowhere before."""
        if isinstance(answer, Coded):
            return self.points.get((answer.system, answer.code))
        return int(answer) if isinstance(answer, int | Decimal) else None


@dataclass(frozen=True, slots=True)
class ScoreDefinition:
    """One score.

    Args:
        id: unique within the rule.
        op: name of its operation or combination.
        kind: `number`, `category` or `vector`.
        constants: numbers that it needs.
        items: scored items.
        missing: how gaps are treated.
        ends: lowest and highest value, of a vector those of an entry; None for a category.
        codes: codes of a category; empty for a number, and for a category that only has a pattern.
        pattern: regular expression of the codes of a category that are too many to list.
        decimals: shown decimals.
        bands: each value lies in exactly one; empty if the score has none.
        label: name of the score.
        words: band or category code -> label.
        code: (system, code, display) of a national or international code, if verified.
        unit: UCUM code.
        use: empty, or `internal` (a step to another score) or `variant` (beside the published one): not for pages.
        reads: ids of the scores that it is made of; empty if it is made of items.
        rows: of a decision, first match first.
        on_display: bands, and the scores that rows read, are taken as shown and not exact.
        table: of a score that is looked up, value of the score that it reads -> value; None where none is imported.
    """

    id: str
    op: str
    kind: str
    constants: Constants
    items: tuple[ScoredItem, ...]
    missing: MissingRule
    ends: tuple[Number, Number] | None
    codes: tuple[str, ...]
    decimals: int
    bands: tuple[Band, ...]
    label: Text
    words: Mapping[str, BandLabel]
    code: tuple[str, str, str] | None
    unit: str
    use: str = ""
    reads: tuple[str, ...] = ()
    rows: tuple[Choice, ...] = ()
    on_display: bool = False
    pattern: str = ""
    table: Mapping[int, Fraction] | None = None

    @property
    def is_bounds(self) -> bool:
        """Tell whether it walks the completions of another score."""
        return bool(self.reads) and not self.rows and self.ends is None

    @property
    def is_lookup(self) -> bool:
        """Tell whether it is looked up in a table that its owner licenses."""
        return self.op == "lookup"


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """The scores of one questionnaire version.

    Args:
        version: id, version and hash of the file.
        questionnaire: `url|version` it scores.
        title: short name of the instrument.
        polarity: `higher-is-worse` or `higher-is-better`.
        scores: score id -> definition, in order.
        allowed: parameter -> allowed values, all numbers or all words.
        params: parameter -> default.
        change: what counts as a change, if the instrument says.
        conditional: some scored item is only asked under a condition.
        approval: `draft` until two named people approved this exact file.
        unsendable: why no patient may be asked this; empty where patients may.
        compiled: the scores as tables; empty until the rule was checked.
    """

    version: RuleVersion
    questionnaire: Canonical
    title: Text
    polarity: str
    scores: Mapping[str, ScoreDefinition]
    allowed: Mapping[str, Values] = field(default_factory=lambda: MappingProxyType({}))
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    change: Change | None = None
    conditional: bool = False
    approval: str = "draft"
    unsendable: str = ""
    compiled: CompiledRule = field(default_factory=CompiledRule, repr=False)

    @property
    def sendable(self) -> bool:
        """Tell whether patients may be asked this; scoring that is not verified may not be sent."""
        return not self.unsendable

    def label(self, score_id: str) -> Text:
        """Name a score."""
        return self.scores[score_id].label

    def band_label(self, score_id: str, band: str) -> BandLabel | None:
        """Name a band or category; None if the score has no such code. A profile is its own name."""
        definition = self.scores[score_id]
        if definition.pattern:
            return BandLabel(Text(band, band), Text(band, band))
        return definition.words.get(band)

    def is_shown(self, score_id: str) -> bool:
        """Tell whether a score is for pages and reports; steps and variants are kept with the result only."""
        return not self.scores[score_id].use

    def code(self, score_id: str) -> tuple[str, str, str] | None:
        """Give (system, code, display) of a score, where one is verified."""
        return self.scores[score_id].code

    def range(self, score_id: str) -> tuple[Number, Number] | None:
        """Give lowest and highest value; None for a category."""
        return self.scores[score_id].ends

    def unit(self, score_id: str) -> str:
        """Give the UCUM code; empty for a category."""
        return self.scores[score_id].unit
