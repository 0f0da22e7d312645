"""One input of a decision table: what it is called, which values it has, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from questionnaires.model import Text


@dataclass(frozen=True, slots=True)
class CodeMap:
    """How the codes of one questionnaire's score become those of an input.

    Args:
        score: score id.
        codes: code of its band or category -> code of the input.
    """

    score: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InputSource:
    """Where an input comes from.

    Args:
        questionnaire: short name; empty for a slot, a derived score and a system input.
        score: score id; for a system input its name, such as `assessed`; empty where the change rule or a map names it.
        use: `current`, `delta`, `rise`, `worse`, `real-worse`, `new-since-baseline`, `derived` or `system`.
        against: `last` or `baseline`, for comparing uses.
        window_days: for `new-since-baseline`.
        slot: of the programme; the enrolment says which questionnaire fills it.
        derived: id of a score that is computed from several questionnaires.
        maps: short name -> which score of that questionnaire to read, and what its codes mean here.
    """

    questionnaire: str
    score: str
    use: str
    against: str = ""
    window_days: int = 0
    slot: str = ""
    derived: str = ""
    maps: Mapping[str, CodeMap] = field(default_factory=lambda: MappingProxyType({}))


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
        this_episode: only an answer of the running episode counts.
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
    this_episode: bool = False
