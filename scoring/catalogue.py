"""Holds every scoring rule and decision table, loaded and checked at start."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.registry import Registry, version_key
from scoring.needs_table import NeedsTable
from scoring.rule import ScoringRule
from scoring.rule_checks import check_rule, check_vectors
from scoring.rule_file import read_rule
from scoring.table import Table
from scoring.table_checks import check_table
from scoring.table_file import read_table
from scoring.table_vectors import check_table_vectors

__all__ = ["Catalogue", "ScoringRule", "Table"]

HERE = Path(__file__).parent


class Catalogue:
    """All rules and tables of one deployment; never changed after loading."""

    def __init__(self, rules: Mapping[str, ScoringRule], tables: Mapping[tuple[str, str], Table]) -> None:
        self._rules = rules
        self._tables = tables
        newest = sorted(tables.values(), key=lambda table: version_key(table.version.version))
        self._newest = MappingProxyType({table.version.id: table for table in newest})

    @classmethod
    def load(cls, registry: Registry, directory: Path | None = None) -> "Catalogue":
        """Load all rules and tables.

        Args:
            registry: the questionnaires that they are about.
            directory: holds `rules/` and `tables/`; by default this package.

        Raises:
            ContentError: a file is wrong, contradicts its questionnaire or rules, or fails its own vectors.
        """
        home = directory or HERE
        rules: dict[str, ScoringRule] = {}
        for path in sorted((home / "rules").glob("*.json")):
            rule = _load_rule(path, registry)
            if rule.questionnaire in rules:
                raise ContentError(f"{path.name}: {rule.questionnaire} has two rules")
            rules[rule.questionnaire] = rule
        newest = {
            one.id: rules[one.canonical]
            for one in sorted(registry.all(), key=lambda one: version_key(one.version))
            if one.canonical in rules
        }
        tables = [_load_table(path, newest) for path in sorted((home / "tables").glob("*.json"))]
        by_version = {(table.version.id, table.version.version): table for table in tables}
        return cls(MappingProxyType(rules), MappingProxyType(by_version))

    def rule_for(self, canonical: str) -> ScoringRule:
        """Find the rule of a questionnaire version.

        Raises:
            ContentError: this version has no rule.
        """
        found = self._rules.get(canonical)
        if found is None:
            raise ContentError("this questionnaire version has no scoring rule")
        return found

    def table(self, table_id: str, version: str | None = None) -> Table:
        """Find a table by id, such as `alert/kol`; the newest version unless one is named.

        Raises:
            ContentError: no such table.
        """
        found = self._newest.get(table_id) if version is None else self._tables.get((table_id, version))
        if found is None:
            raise ContentError(f"no table {table_id} in version {version or 'any'}")
        return found

    def needs(self, table_id: str = "needs/generic", version: str | None = None) -> NeedsTable:
        """Find a needs table by id; the newest version unless one is named.

        Raises:
            ContentError: no such table.
        """
        raise ContentError(f"no table {table_id} in version {version or 'any'}")

    def rules(self) -> tuple[ScoringRule, ...]:
        """List every rule."""
        return tuple(self._rules.values())

    def tables(self) -> tuple[Table, ...]:
        """List every table."""
        return tuple(self._tables.values())


def _load_rule(path: Path, registry: Registry) -> ScoringRule:
    raw = path.read_bytes()
    fields = Fields.of_bytes(raw, path.name)
    rule = read_rule(fields, raw, registry)
    _check_name(path, f"{rule.version.id}-{rule.version.version}")
    check_rule(rule, registry.get(rule.questionnaire))
    check_vectors(rule, fields, registry.plan(rule.questionnaire))
    return rule


def _load_table(path: Path, rules: Mapping[str, ScoringRule]) -> Table:
    raw = path.read_bytes()
    fields = Fields.of_bytes(raw, path.name)
    table = read_table(fields, raw)
    _check_name(path, f"{table.version.id.replace('/', '-')}-{table.version.version}")
    check_table(table, rules)
    check_table_vectors(table, fields)
    return table


def _check_name(path: Path, name: str) -> None:
    if path.stem != name:
        raise ContentError(f"{path.name}: the file must be called {name}.json")
