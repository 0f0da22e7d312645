"""Reads the synthetic cohorts: one file for the tables of a package."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from scoring.cohort import Cohort, Model, Rates
from scoring.cohort_models import Always, Counted, Measured, Signs
from scoring.condition import read_value
from scoring.rule_file import approval_of, version_of
from scoring.rule_set import check_name

COHORTS = Path(__file__).parent / "cohorts"
ELEMENTS = (
    *("id", "version", "status", "approval", "sheet", "sources", "licence", "what", "tables", "slots", "phase"),
    *("patients", "quickPatients", "seed", "scores", "published"),
)


def load_cohorts(directory: Path = COHORTS) -> tuple[Cohort, ...]:
    """Load every cohort file.

    Raises:
        ContentError: naming the field that does not fit.
    """
    return tuple(_load(path) for path in sorted(directory.glob("*.json")))


def cohort_of(cohorts: Collection[Cohort], table_id: str) -> Cohort:
    """Find the cohort of a table.

    Raises:
        ContentError: T9: there is none, or there are several.
    """
    found = [cohort for cohort in cohorts if table_id in cohort.tables]
    if len(found) != 1:
        raise ContentError(f"table {table_id}: T9: it needs exactly one synthetic cohort")
    return found[0]


def _load(path: Path) -> Cohort:
    raw = path.read_bytes()
    fields = Fields.of_bytes(raw, path.name)
    fields.refuse_others(ELEMENTS)
    approval_of(fields)
    version = version_of(fields, raw)
    check_name(path, f"{version.id}-{version.version}")
    slots = fields.part("slots") if "slots" in fields else Fields({}, path.name)
    published = fields.part("published")
    models: dict[str, Model] = {}
    for part in fields.parts("scores"):
        models[part.text("score")] = _model(part, models)
    return Cohort(
        version=version,
        tables=fields.texts("tables"),
        slots=MappingProxyType({name: slots.text(name) for name in slots.raw}),
        phase=fields.text("phase"),
        models=MappingProxyType(models),
        patients=_from_one(fields, "patients"),
        quick=_from_one(fields, "quickPatients"),
        seed=fields.integer("seed"),
        published=MappingProxyType({name: _rates(published.part(name)) for name in published.raw}),
    )


def _model(part: Fields, before: Collection[str]) -> Model:
    kind = part.one_of("model", ("measured", "counted", "signs", "always"))
    if kind == "always":
        part.refuse_others(("score", "model", "value"))
        return Always(read_value(part, "value"))
    if kind == "signs":
        part.refuse_others(("score", "model", "items", "chance", "counts", "onlyIf"))
        only_if = part.one_of("onlyIf", before) if "onlyIf" in part else ""
        return Signs(_from_one(part, "items"), _chance(part, "chance"), part.flag("counts"), only_if)
    if kind == "counted":
        part.refuse_others(("score", "model", "weights", "up", "down", "range"))
        return Counted(_weights(part.part("weights")), _chance(part, "up"), _chance(part, "down"), _pair(part, "range"))
    part.refuse_others(("score", "model", "mean", "spread", "truth", "error", "range"))
    mean, spread, error = (_number(part, name) for name in ("mean", "spread", "error"))
    return Measured(mean, spread, _pair(part, "truth"), error, _pair(part, "range"))


def _weights(part: Fields) -> Mapping[int, float]:
    weights = {int(name): _chance(part, name) for name in part.raw if name.isdigit()}
    if len(weights) != len(part.raw) or sum(Fraction(str(weight)) for weight in weights.values()) != 1:
        raise ContentError(f"{part.where}: numbers whose shares add up to 1 are expected")
    return MappingProxyType(weights)


def _rates(part: Fields) -> Rates:
    part.refuse_others(("yellowOrRed", "red"))
    alerted, red = (Fraction(str(_number(part, name))) for name in ("yellowOrRed", "red"))
    return Rates(alerted, red)


def _number(part: Fields, name: str) -> float:
    value = part.raw.get(name)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise part.fail(name, "a number from 0")
    return float(value)


def _chance(part: Fields, name: str) -> float:
    chance = _number(part, name)
    if chance > 1:
        raise part.fail(name, "a chance from 0 to 1")
    return chance


def _from_one(part: Fields, name: str) -> int:
    if part.integer(name) < 1:
        raise part.fail(name, "a whole number from 1")
    return part.integer(name)


def _pair(part: Fields, name: str) -> tuple[int, int]:
    ends = part.integers(name)
    if len(ends) != len(("lowest", "highest")) or ends[0] > ends[1]:
        raise part.fail(name, "lowest and highest")
    return ends[0], ends[1]
