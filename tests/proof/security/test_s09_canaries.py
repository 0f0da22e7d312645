"""S-9: CPR number, name, free text, reason and tokens of the whole way, looked for wherever data lies or passes.

The demo's story is told by real processes, as in the proof of secrecy of delivery (I17), whose parts are used here.
That proof searches what outsiders see; this one what lies on the disk: the database's files while they are open, a
backup, a dump, every other file of the installation, and what a phone shows before it is unlocked.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from cli import story as steps
from tests.installation import installed
from tests.log_corpus import corpus_dir
from tests.privacy.scan import findings
from tests.proof.delivery.test_i17_secrecy import (
    DOORS,
    PERSON,
    REASON,
    REFUSED_TEXT,
    Recorder,
    be_clumsy,
    recorded,
    tell,
    tokens_of,
)

__all__ = ["recorded"]

NAME = "s09-canaries"
KEEPS_SECRETS = ("keys.json", "demo.json")
"""The key ring, and the tokens that the demo prints: neither exists beside a database in production."""
OTHER_END = ("simulator",)
"""The simulator is the phone and the plan: they must know the patient."""
ON_THE_LOCK_SCREEN = ("KOL", "lunge", "ryg", "kronisk", "CAT", "spørgeskema om", *PERSON)
"""What a push text may not tell whoever looks at the phone."""


@dataclass(frozen=True)
class Seen:
    """What was found where, and what must not be there."""

    places: Mapping[str, tuple[bytes, ...]] = field(repr=False)
    canaries: tuple[str, ...] = field(repr=False)
    texts: tuple[str, ...]
    logs: tuple[str, ...] = field(repr=False)

    def hits(self) -> dict[tuple[str, int], int]:
        """Count the canaries in each place, by the number of the canary: a report must not tell it."""
        found = {
            (place, number): sum(some.count(canary.encode()) for some in content)
            for place, content in self.places.items()
            for number, canary in enumerate(self.canaries)
        }
        return {where: count for where, count in found.items() if count}


@pytest.fixture
def seen(tmp_path: Path, recorded: tuple[Recorder, str]) -> Seen:
    recorder, address = recorded
    database = tmp_path / "svarbro.sqlite"
    doors = {f"SVARBRO_{name}_URL": address for name in DOORS}
    with installed(tmp_path, f"sqlite:///{database}", NAME, more=doors) as here:
        recorder.target = here.addresses.simulator
        steps.enrol(here.story)
        here.story.travel(1)
        tell(here.story)
        be_clumsy(here.story)
        metrics = requests.get(f"{here.addresses.web}/metrics", timeout=10).content
        canaries = (*PERSON, REFUSED_TEXT, REASON, *tokens_of(here))
        # While the processes run: what is in the WAL has not reached the file yet.
        files = {path.name: path.read_bytes() for path in tmp_path.glob("svarbro.sqlite*")}
        backup, dump = copies(database, tmp_path / "copy.backup")
    logs = tuple(path.read_text(encoding="utf-8") for path in sorted((corpus_dir() / NAME).rglob("*.log")))
    places = {
        "database": (files["svarbro.sqlite"],),
        "WAL": (files["svarbro.sqlite-wal"],),
        "backup": (backup,),
        "dump": (dump,),
        "other files": tuple(others(tmp_path)),
        "file names": tuple(str(path.relative_to(tmp_path)).encode() for path in tmp_path.rglob("*")),
        "URLs": tuple(url.encode() for url in recorder.urls),
        "headers": tuple(f"{name}: {value}".encode() for name, value in recorder.headers),
        "metrics": (metrics,),
        "logs": tuple(log.encode() for log in logs),
    }
    return Seen(places, canaries, tuple(push_texts(recorder)), logs)


def copies(database: Path, target: Path) -> tuple[bytes, bytes]:
    """Make a backup of a database that is being written to, and a dump of the backup."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        dump = "\n".join(copy.iterdump()).encode()
    content = target.read_bytes()
    target.unlink()
    return content, dump


def others(directory: Path) -> Iterator[bytes]:
    """Read every other file that the installation has written."""
    for path in sorted(directory.rglob("*")):
        is_other = not path.name.startswith(("svarbro.sqlite", *OTHER_END)) and path.name not in KEEPS_SECRETS
        if path.is_file() and is_other:
            yield path.read_bytes()


def push_texts(recorder: Recorder) -> Iterator[str]:
    """List what the apps were given to show before the phone is unlocked."""
    for body in recorder.bodies:
        order = json.loads(body) if body.startswith("{") else {}
        if "notify" in order:
            yield str(order["notify"]["text"])


def test_s09_no_canary_lies_or_passes_anywhere_and_no_lock_screen_tells(seen, ledger):
    hits = seen.hits()

    for place, content in seen.places.items():
        size = sum(map(len, content))
        found = sum(count for (where, _), count in hits.items() if where == place)
        ledger.add("S-9 canaries", place=place, bytes=size, canaries=len(seen.canaries), found=found)
    assert hits == {}
    assert all(sum(map(len, content)) for content in seen.places.values()), "every place was searched"
    assert [findings(line) for log in seen.logs for line in log.splitlines() if findings(line)] == []
    told = [word for text in seen.texts for word in ON_THE_LOCK_SCREEN if word.casefold() in text.casefold()]
    assert (told, bool(seen.texts)) == ([], True), "a locked phone tells nothing of who is ill with what"


def test_s09_the_search_finds_what_is_there():
    planted = Seen({"database": (b"x" + PERSON[0].encode(),)}, PERSON, (), ())

    assert planted.hits() == {("database", 0): 1}
