"""Reads the list of actions from its JSON file and refuses one that is not sound."""

from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.registry import version_key
from scoring.actions import ActionKind, ActionList
from scoring.result import RuleVersion

HERE = Path(__file__).parent
_FIELDS = ("id", "version", "status", "approval", "sources", "licence", "actions")


def load_actions(directory: Path = HERE) -> ActionList:
    """Load the newest list of actions.

    Args:
        directory: holds `actions-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    lists = [parse_actions(path.read_bytes(), path.name) for path in sorted(directory.glob("actions-*.json"))]
    if not lists:
        raise ContentError("there is no list of actions")
    return max(lists, key=lambda one: version_key(one.version.version))


def parse_actions(raw: bytes, name: str) -> ActionList:
    """Read one list of actions.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = RuleVersion(fields.text("id"), fields.text("version"), sha256(raw).hexdigest())
    if name != f"{version.id}-{version.version}.json":
        raise ContentError(f"{name}: the file must be called {version.id}-{version.version}.json")
    kinds = tuple(_kind(part) for part in fields.parts("actions"))
    by_code = MappingProxyType({kind.code: kind for kind in kinds})
    if not kinds or len(by_code) != len(kinds):
        raise fields.fail("actions", "a list that names each code once")
    return ActionList(version, by_code)


def _kind(fields: Fields) -> ActionKind:
    fields.refuse_others(("code", "label", "packages"))
    return ActionKind(fields.text("code"), fields.bilingual("label"), frozenset(fields.texts("packages")))
