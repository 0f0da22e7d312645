"""Holds every scoring rule and decision table, loaded and checked at start."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.registry import Registry, version_key
from scoring.derived import DerivedRule
from scoring.needs_table import NeedsTable
from scoring.rule import ScoringRule
from scoring.rule_set import RuleSet, check_name, load_rules
from scoring.table import Table
from scoring.table_checks import check_table
from scoring.table_file import read_table
from scoring.table_vectors import check_table_vectors

__all__ = ["Catalogue", "ScoringRule", "Table"]

HERE = Path(__file__).parent


class Catalogue:
    """All rules and tables of one deployment; never changed after loading."""

    def __init__(self, rules: RuleSet, tables: Mapping[tuple[str, str], Table]) -> None:
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
        rules = load_rules(home / "rules", registry)
        tables = [_load_table(path, rules.newest) for path in sorted((home / "tables").glob("*.json"))]
        by_version = {(table.version.id, table.version.version): table for table in tables}
        return cls(rules, MappingProxyType(by_version))

    def rule_for(self, canonical: str) -> ScoringRule:
        """Find the rule of a questionnaire version.

        Raises:
            ContentError: this version has no rule.
        """
        found = self._rules.by_canonical.get(canonical)
        if found is None:
            raise ContentError("this questionnaire version has no scoring rule")
        return found

    def derived(self, rule_id: str, version: str | None = None) -> DerivedRule:
        """Find a derived score by id, such as `gold-abe`; the newest version unless one is named.

        Raises:
            ContentError: no such score.
        """
        return self._rules.derived_score(rule_id, version)

    def derived_scores(self) -> tuple[DerivedRule, ...]:
        """List every derived score."""
        return tuple(self._rules.derived.values())

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
        return tuple(self._rules.by_canonical.values())

    def tables(self) -> tuple[Table, ...]:
        """List every table."""
        return tuple(self._tables.values())


def _load_table(path: Path, rules: Mapping[str, ScoringRule]) -> Table:
    raw = path.read_bytes()
    fields = Fields.of_bytes(raw, path.name)
    table = read_table(fields, raw)
    check_name(path, f"{table.version.id.replace('/', '-')}-{table.version.version}")
    check_table(table, rules)
    check_table_vectors(table, fields)
    return table
