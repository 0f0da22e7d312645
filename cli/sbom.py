"""`svarbro sbom`: what the service is made of, as a CycloneDX bill of materials written from the lock."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click

from kernel.errors import ContentError

PIN = re.compile(r"(?P<name>[a-z0-9._-]+)(\[[a-z0-9,-]+\])?==(?P<version>[^\s;]+)( ; (?P<marker>.*?))? \\")
HASH = re.compile(r"--hash=sha256:(?P<hash>[0-9a-f]{64})")
WANTED_BY = re.compile(r" +# +(?:via +)?(?P<name>[a-z0-9._-]+)(?: \(pyproject\.toml\))?")
OWN = "svarbro"
SPECIFICATION = "1.6"


@dataclass(frozen=True, slots=True)
class Locked:
    """One pinned distribution.

    Args:
        marker: where it is installed; empty = everywhere.
        hashes: SHA-256 of each of its files that may be installed.
        wanted_by: names of those that need it.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wanted_by: tuple[str, ...]

    @property
    def url(self) -> str:
        """Package URL, by which others know it."""
        return f"pkg:pypi/{self.name}@{self.version}"


@click.command()
@click.argument("lock", type=click.Path(exists=True, dir_okay=False, path_type=Path), default="requirements.lock")
def sbom(lock: Path) -> None:
    """Write the bill of materials of a lock (`requirements.lock` of the working directory) as CycloneDX JSON.

    The same lock on the same installation gives the same bytes. Nothing is looked up: a scanner that knows
    vulnerabilities is given the file.

    Exit codes: 0 written, 1 the file is no lock, 2 misused.
    """
    raw = lock.read_bytes()
    click.echo(json.dumps(bill_of(tuple(locked(raw.decode("utf-8"))), hashlib.sha256(raw).hexdigest()), indent=1))


def locked(text: str) -> Iterator[Locked]:
    """Read the pins of a lock, in its order.

    Raises:
        ContentError: there is none, or one without a hash.
    """
    starts = list(re.finditer(rf"^{PIN.pattern}$", text, re.MULTILINE))
    if not starts:
        raise ContentError("The file pins nothing: it is no lock.")
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        block = text[start.end() : following.start() if following else len(text)]
        hashes = tuple(match["hash"] for match in HASH.finditer(block))
        if not hashes:
            raise ContentError(f"{start['name']} is pinned without a hash.")
        wanted = tuple(match["name"] for line in block.splitlines() if (match := WANTED_BY.fullmatch(line)))
        yield Locked(start["name"], start["version"], start["marker"] or "", hashes, wanted)


def bill_of(pins: tuple[Locked, ...], lock_sha256: str) -> dict[str, Any]:
    """Make the bill of materials.

    Args:
        lock_sha256: hash of the lock; it names the bill, so that the same lock always gives the same one.

    Source: CycloneDX 1.6, JSON; https://cyclonedx.org/docs/1.6/json/.
    """
    own = {"type": "application", "name": OWN, "version": version(OWN), "bom-ref": OWN}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, lock_sha256)}",
        "version": 1,
        "metadata": {"component": own},
        "components": [_component(pin) for pin in pins],
        "dependencies": [_needs(OWN, OWN, pins), *(_needs(pin.name, pin.url, pins) for pin in pins)],
    }


def _component(pin: Locked) -> dict[str, Any]:
    distribution = {
        "type": "distribution",
        "url": f"https://pypi.org/project/{pin.name}/{pin.version}/",
        "hashes": [{"alg": "SHA-256", "content": one} for one in pin.hashes],
    }
    marker = {"properties": [{"name": "svarbro:marker", "value": pin.marker}]} if pin.marker else {}
    return {
        "type": "library",
        "bom-ref": pin.url,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.url,
        **_licence(pin),
        "externalReferences": [distribution],
        **marker,
    }


def _licence(pin: Locked) -> dict[str, Any]:
    """Tell the licence as the installed distribution states it, where it is installed in this version."""
    try:
        told = metadata(pin.name)
    except PackageNotFoundError:
        return {}
    expression = told.json.get("license_expression")
    return {"licenses": [{"expression": expression}]} if expression and told["Version"] == pin.version else {}


def _needs(name: str, reference: str, pins: tuple[Locked, ...]) -> dict[str, Any]:
    return {"ref": reference, "dependsOn": sorted(pin.url for pin in pins if name in pin.wanted_by)}
