"""A decision table, compiled: inputs, rows, and the rows that stand for missing inputs."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.model import Text
from scoring.condition import Condition
from scoring.result import RuleVersion
from scoring.suggestion import MatchedRow


@dataclass(frozen=True, slots=True)
class InputSource:
    """Where an input comes from.

    Args:
        questionnaire: short name; empty for a system input.
        score: score id; for a system input its name, such as `assessed`.
        use: `current`, `delta`, `rise`, `new-since-baseline`, or `system`.
        against: `last` or `baseline`, for `delta` and `rise`.
        window_days: for `new-since-baseline`.
    """

    questionnaire: str
    score: str
    use: str
    against: str = ""
    window_days: int = 0


@dataclass(frozen=True, slots=True)
class TableInput:
    """One input of a table.

    Args:
        name: as conditions call it.
        label: as clinicians read it.
        kind: `code`, `integer` or `number`.
        codes: of a code input, best first; empty for numbers.
        ends: lowest and highest number; None for codes.
        higher_is_worse: for numbers.
        required: phase -> whether a missing or stale value makes the result unknown.
        valid_days: oldest age in days; None without such a limit.
        this_occasion: only an answer of this occasion counts.
        source: where it comes from.
        unknown_if_estimated: an estimated value adds the unknown row beside the rows it matches.
    """

    name: str
    label: Text
    kind: str
    codes: tuple[str, ...]
    ends: tuple[int, int] | None
    higher_is_worse: bool
    required: Mapping[str, bool]
    valid_days: int | None
    this_occasion: bool
    source: InputSource
    unknown_if_estimated: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Args:
        when: its condition.
        outcome: what it adds to the result when it matches.
    """

    when: Condition
    outcome: MatchedRow


@dataclass(frozen=True, slots=True)
class Table:
    """An alert table.

    Args:
        version: id, version and hash of the file.
        title: as clinicians read it.
        phases: of a programme, such as `start` and `followup`.
        inputs: by name, in order.
        rows: in order, without the last.
        otherwise: the last row: it matches only if nothing else did.
        unknown: (input, state) -> automatic row; states `missing`, `stale`, `estimated`.
        lookback_days: oldest age of a `last` answer.
        approval: `draft` until two named people approved this exact file.
    """

    version: RuleVersion
    title: Text
    phases: tuple[str, ...]
    inputs: Mapping[str, TableInput]
    rows: tuple[Row, ...]
    otherwise: Row
    unknown: Mapping[tuple[str, str], MatchedRow]
    lookback_days: int
    approval: str = "draft"

    def questionnaires(self) -> frozenset[str]:
        """List the short names of the questionnaires that it reads."""
        return frozenset(one.source.questionnaire for one in self.inputs.values() if one.source.questionnaire)
