"""Finds the newest version of content that is one file for each version, such as a list."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kernel.errors import ContentError
from questionnaires.registry import version_key

Read = TypeVar("Read")


def newest_of(
    directory: Path, name: str, parse: Callable[[bytes, str], Read], *, version: Callable[[Read], str], what: str
) -> Read:
    """Read every version, and return the newest.

    Args:
        directory: holds `<name>-<version>.json`.
        parse: bytes and file name -> what the file says.
        version: of what was read.
        what: what the file is called in a message.

    Raises:
        ContentError: there is none, or one is wrong.
    """
    found = [parse(path.read_bytes(), path.name) for path in sorted(directory.glob(f"{name}-*.json"))]
    if not found:
        raise ContentError(f"there is no {what}")
    return max(found, key=lambda one: version_key(version(one)))
