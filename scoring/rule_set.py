"""Loads the rule files of a directory: rules of questionnaires first, then the scores derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.registry import Registry, version_key
from scoring.compile import compile_rule
from scoring.derived import DerivedRule
from scoring.derived_file import read_derived
from scoring.rule import ScoringRule
from scoring.rule_checks import check_rule, check_vectors
from scoring.rule_file import read_rule
from scoring.walk import Walk


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Every rule of one deployment.

    Args:
        by_canonical: `url|version` -> its newest rule.
        newest: questionnaire short name -> rule of its newest version that has one.
        derived: (id, version) -> derived score, older versions first.
    """

    by_canonical: Mapping[str, ScoringRule]
    newest: Mapping[str, ScoringRule]
    derived: Mapping[tuple[str, str], DerivedRule] = field(default_factory=lambda: MappingProxyType({}))

    def derived_score(self, rule_id: str, version: str | None = None) -> DerivedRule:
        """Find a derived score by id, such as `gold-abe`; the newest version unless one is named.

        Raises:
            ContentError: no such score.
        """
        known = [one for (name, of), one in self.derived.items() if name == rule_id and version in (None, of)]
        if not known:
            raise ContentError(f"no derived score {rule_id} in version {version or 'any'}")
        return known[-1]


def load_rules(directory: Path, registry: Registry) -> RuleSet:
    """Load every rule file.

    Args:
        directory: holds the files; one with `inputs` is about scores of several questionnaires.
        registry: the questionnaires that they are about.

    Raises:
        ContentError: a file is wrong, contradicts what it is about, or fails its own vectors.
    """
    files = {path: path.read_bytes() for path in sorted(directory.glob("*.json"))}
    parsed = {path: Fields.of_bytes(raw, path.name) for path, raw in files.items()}
    rules: dict[str, ScoringRule] = {}
    for path, fields in parsed.items():
        if "inputs" not in fields:
            rule = _load_rule(path, fields, files[path], registry)
            # A released rule never changes, so a correction is a newer one for the same questionnaire version.
            rules[rule.questionnaire] = max(rule, rules.get(rule.questionnaire, rule), key=_by_version)
    in_order = sorted(registry.all(), key=lambda one: version_key(one.version))
    newest = {one.id: rules[one.canonical] for one in in_order if one.canonical in rules}
    derived = [_load_derived(path, parsed[path], files[path], newest) for path in parsed if "inputs" in parsed[path]]
    derived.sort(key=lambda one: version_key(one.version.version))
    by_version = {(one.version.id, one.version.version): one for one in derived}
    return RuleSet(MappingProxyType(rules), MappingProxyType(newest), MappingProxyType(by_version))


def _by_version(rule: ScoringRule) -> tuple[int, ...]:
    return version_key(rule.version.version)


def _load_rule(path: Path, fields: Fields, raw: bytes, registry: Registry) -> ScoringRule:
    rule = read_rule(fields, raw, registry)
    check_name(path, f"{rule.version.id}-{rule.version.version}")
    walk = Walk(rule.scores, registry.get(rule.questionnaire))
    check_rule(rule, walk)
    compiled = compile_rule(rule, walk)
    check_vectors(compiled, fields, registry.plan(rule.questionnaire))
    return compiled


def _load_derived(path: Path, fields: Fields, raw: bytes, rules: Mapping[str, ScoringRule]) -> DerivedRule:
    rule = read_derived(fields, raw, rules)
    check_name(path, f"{rule.version.id}-{rule.version.version}")
    return rule


def check_name(path: Path, name: str) -> None:
    """Refuse a file that bears another name than its content.

    Raises:
        ContentError: it does.
    """
    if path.stem != name:
        raise ContentError(f"{path.name}: the file must be called {name}.json")
