"""Holds every scoring rule and decision table, loaded and checked at start."""

from collections.abc import Callable, Mapping
from pathlib import Path

from kernel.errors import ContentError
from questionnaires.registry import Registry
from scoring.derived import DerivedRule
from scoring.needs_table import NeedsTable
from scoring.result import RuleVersion
from scoring.rule import ScoringRule
from scoring.rule_set import RuleSet, load_rules
from scoring.table import Table
from scoring.table_set import TableSet, load_tables, newest_of, read_candidate

__all__ = ["Catalogue", "ScoringRule", "Table"]

HERE = Path(__file__).parent


class Catalogue:
    """All rules and tables of one deployment; never changed after loading."""

    def __init__(self, rules: RuleSet, tables: TableSet) -> None:
        self._rules = rules
        self._tables = tables

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
        return cls(rules, load_tables(home / "tables", rules))

    def preferring(self, prefers: Callable[[RuleVersion], bool]) -> "Catalogue":
        """Return the same catalogue, in which some tables count as newer than all others of their id."""
        return Catalogue(self._rules, self._tables.preferring(prefers))

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
        return newest_of(self._tables.alerts, table_id, version)

    def candidate(self, raw: bytes, name: str) -> Table:
        """Read an alert table that is not adopted, against the rules of this deployment.

        Raises:
            ContentError: as for the tables that are loaded.
        """
        return read_candidate(raw, name, self._rules)

    def needs(self, table_id: str = "needs/generic", version: str | None = None) -> NeedsTable:
        """Find a needs table by id; the newest version unless one is named.

        Raises:
            ContentError: no such table.
        """
        return newest_of(self._tables.needs, table_id, version)

    def newest_rules(self) -> Mapping[str, ScoringRule]:
        """Give the rule of the newest version of each questionnaire, by the questionnaire's short name."""
        return self._rules.newest

    def rules(self) -> tuple[ScoringRule, ...]:
        """List every rule."""
        return tuple(self._rules.by_canonical.values())

    def tables(self) -> tuple[Table, ...]:
        """List every alert table."""
        return tuple(self._tables.alerts.values())

    def needs_tables(self) -> tuple[NeedsTable, ...]:
        """List every needs table."""
        return tuple(self._tables.needs.values())
