"""The lock of the clinical content: a released file whose bytes change without a new version is found out."""

from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

from kernel.errors import ContentError

ROOT = Path(__file__).parent.parent
LOCK = "content.lock"
CONTENT = (
    "questionnaires/definitions",
    "scoring/rules",
    "scoring/tables",
    "scoring/cohorts",
    "delivery/profiles",
    "delivery/programmes",
)
"""Directories whose JSON files are content, below the root."""
LISTS = (
    "questionnaires/licences-*.json",
    "scoring/actions-*.json",
    "scoring/approval-*.json",
    "scoring/measurements-*.json",
    "delivery/contact_advice-*.json",
    "delivery/escalation-*.json",
    "delivery/letter-*.json",
    "delivery/letter-*.typ",
    "delivery/note-*.json",
    "delivery/monitoring-*.json",
    "delivery/paper-*.json",
    "delivery/paper-*.typ",
    "delivery/patient_pages-*.json",
    "delivery/result_sheet-*.json",
    "delivery/result_sheet-*.typ",
    "delivery/retention-*.json",
    "delivery/worklist-*.json",
)
"""Content files that lie beside code."""


def content_hashes(root: Path = ROOT) -> Mapping[str, str]:
    """Return the SHA-256 of every content file, by its path below the root, in order."""
    nested = [path for directory in CONTENT for path in (root / directory).rglob("*.json")]
    paths = sorted([*nested, *(path for pattern in LISTS for path in root.glob(pattern))])
    return {path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}


def read_lock(root: Path = ROOT) -> Mapping[str, str]:
    """Return what the lock file says: path -> SHA-256; empty when there is no lock yet.

    Raises:
        ContentError: a line is not `<sha256>  <path>`.
    """
    try:
        lines = (root / LOCK).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    pairs = [line.split("  ", 1) for line in lines]
    if any(len(pair) != len(("hash", "path")) for pair in pairs):
        raise ContentError(f"{LOCK} has a line that is not `<sha256>  <path>`")
    return {path: digest for digest, path in pairs}


def faults(root: Path = ROOT) -> tuple[str, ...]:
    """Compare the files with the lock.

    Returns:
        One sentence for each file that was changed, is missing, or is not in the lock; empty when all agree.
    """
    locked, found = read_lock(root), content_hashes(root)
    return tuple(
        fault
        for path in sorted({*locked, *found})
        if (fault := _fault(path, locked.get(path), found.get(path))) is not None
    )


def verify(root: Path = ROOT) -> None:
    """Refuse content that is not what the lock says.

    Raises:
        ContentError: naming every file; give the changed one a new version, or lock the new one.
    """
    found = faults(root)
    if found:
        raise ContentError("; ".join(found))


def write(root: Path = ROOT, *, unreleased: Collection[str] = ()) -> int:
    """Lock new content files.

    Args:
        root: of the repository.
        unreleased: paths below the root that were never released, so that they may still change or go.

    Returns:
        How many files the lock holds that it did not hold before in these bytes.

    Raises:
        ContentError: a locked file was changed or removed; nothing is written.
    """
    found, before = content_hashes(root), read_lock(root)
    kept = {path: digest for path, digest in before.items() if path not in unreleased}
    broken = [_fault(path, digest, found.get(path)) for path, digest in kept.items() if found.get(path) != digest]
    if broken:
        raise ContentError("; ".join(filter(None, broken)))
    lines = "".join(f"{digest}  {path}\n" for path, digest in found.items())
    (root / LOCK).write_text(lines, encoding="utf-8")
    return sum(before.get(path) != digest for path, digest in found.items())


def _fault(path: str, locked: str | None, found: str | None) -> str | None:
    if locked == found:
        return None
    if locked is None:
        return f"{path} is not in {LOCK}"
    if found is None:
        return f"{path} is locked but missing"
    return f"{path} was changed without a new version"
