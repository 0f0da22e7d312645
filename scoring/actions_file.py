"""Reads the list of actions from its JSON file and refuses one that is not sound."""

from pathlib import Path
from types import MappingProxyType

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.actions import ActionKind, ActionList
from scoring.file_version import opened

HERE = Path(__file__).parent


def load_actions(directory: Path = HERE) -> ActionList:
    """Load the newest list of actions.

    Args:
        directory: holds `actions-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(
        directory, "actions", parse_actions, version=lambda one: one.version.version, what="list of actions"
    )


def parse_actions(raw: bytes, name: str) -> ActionList:
    """Read one list of actions.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit.
    """
    fields, version = opened(raw, name, ("actions",))
    kinds = tuple(_kind(part) for part in fields.parts("actions"))
    by_code = MappingProxyType({kind.code: kind for kind in kinds})
    if not kinds or len(by_code) != len(kinds):
        raise fields.fail("actions", "a list that names each code once")
    return ActionList(version, by_code)


def _kind(fields: Fields) -> ActionKind:
    fields.refuse_others(("code", "label", "packages"))
    return ActionKind(fields.text("code"), fields.bilingual("label"), frozenset(fields.texts("packages")))
