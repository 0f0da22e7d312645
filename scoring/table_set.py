"""Loads the table files of a directory: alert tables and needs tables, each checked against the rules they read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.registry import version_key
from scoring.needs_checks import check_needs_table
from scoring.needs_file import read_needs_table
from scoring.needs_table import NeedsTable
from scoring.needs_vectors import check_needs_vectors
from scoring.result import RuleVersion
from scoring.rule_set import RuleSet, check_name
from scoring.table import Table
from scoring.table_checks import check_table
from scoring.table_file import read_table
from scoring.table_vectors import check_table_vectors

Key = tuple[str, str]
Kind = TypeVar("Kind", Table, NeedsTable)


@dataclass(frozen=True, slots=True)
class TableSet:
    """Every table of one deployment.

    Args:
        alerts: (id, version) -> alert table, older versions first.
        needs: (id, version) -> needs table, older versions first.
    """

    alerts: Mapping[Key, Table]
    needs: Mapping[Key, NeedsTable]

    def preferring(self, prefers: Callable[[RuleVersion], bool]) -> "TableSet":
        """Return the same tables, of which some count as newer than all others."""
        return TableSet(_preferred(self.alerts, prefers), _preferred(self.needs, prefers))


def _preferred(tables: Mapping[Key, Kind], prefers: Callable[[RuleVersion], bool]) -> Mapping[Key, Kind]:
    # The sort keeps the order by version among equals, and the last of an id is taken where no version is named.
    return MappingProxyType(dict(sorted(tables.items(), key=lambda pair: prefers(pair[1].version))))


def load_tables(directory: Path, rules: RuleSet) -> TableSet:
    """Load every table file.

    Args:
        rules: of the questionnaires that the tables read.

    Raises:
        ContentError: a file is wrong, contradicts the rules, or fails its own vectors.
    """
    alerts: list[Table] = []
    needs: list[NeedsTable] = []
    for path in sorted(directory.glob("*.json")):
        raw = path.read_bytes()
        fields = Fields.of_bytes(raw, path.name)
        if fields.one_of("result", ("alert", "needs")) == "alert":
            alerts.append(_alert_table(fields, raw, rules))
            check_name(path, _file_name(alerts[-1]))
        else:
            needs.append(_needs_table(fields, raw, rules))
            check_name(path, _file_name(needs[-1]))
    return TableSet(_by_key(alerts), _by_key(needs))


def read_candidate(raw: bytes, name: str, rules: RuleSet) -> Table:
    """Read an alert table that is not part of the deployment, with all checks of those that are.

    Args:
        name: of the file, for messages.

    Raises:
        ContentError: it is no alert table, contradicts the rules, or fails its own vectors.
    """
    return _alert_table(Fields.of_bytes(raw, name), raw, rules)


def newest_of(tables: Mapping[Key, Kind], table_id: str, version: str | None) -> Kind:
    """Find a table by id: the version named, or else the newest.

    Raises:
        ContentError: no such table.
    """
    known = [table for (name, of), table in tables.items() if name == table_id and version in (None, of)]
    if not known:
        raise ContentError(f"no table {table_id} in version {version or 'any'}")
    return known[-1]


def _alert_table(fields: Fields, raw: bytes, rules: RuleSet) -> Table:
    table = read_table(fields, raw)
    check_table(table, rules.newest)
    check_table_vectors(table, fields)
    return replace(table, rules=rules.newest)


def _needs_table(fields: Fields, raw: bytes, rules: RuleSet) -> NeedsTable:
    table = read_needs_table(fields, raw)
    derived = {
        one.source.derived: rules.derived_score(one.source.derived)
        for one in table.inputs.values()
        if one.source.derived
    }
    bound = replace(table, derived=MappingProxyType(derived))
    check_needs_table(bound, rules.newest)
    check_needs_vectors(bound, fields)
    return bound


def _file_name(table: Table | NeedsTable) -> str:
    return f"{table.version.id.replace('/', '-')}-{table.version.version}"


def _by_key(tables: list[Kind]) -> Mapping[Key, Kind]:
    in_order = sorted(tables, key=lambda table: version_key(table.version.version))
    return MappingProxyType({(table.version.id, table.version.version): table for table in in_order})
