"""What tests of `svarbro validate` and `svarbro score` feed them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from click.testing import CliRunner, Result

from cli.main import main

FHIR = "https://svarbro.example/fhir"
CAT = f"{FHIR}/Questionnaire/cat|2.0.0"
HEAVY = {"flask", "sqlalchemy", "fhir", "pydantic", "marshmallow", "requests", "apscheduler"}
"""What commands for scripts never load."""
MEASURED = """
import pathlib, resource, sys
from cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    status = pathlib.Path("/proc/self/status")
    told = status.read_text().partition("VmHWM:")[2].split() if status.exists() else []
    memory = told[0] if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(ended.code, memory, *sorted({name.split(".")[0] for name in sys.modules}), file=sys.stderr)
"""
"""Where Linux tells it, the highest memory since the start of this program; `ru_maxrss` begins with its parent's."""


def coded(code: int | str, questionnaire: str = "cat") -> dict[str, Any]:
    """Build a coded answer."""
    return {"valueCoding": {"system": f"{FHIR}/CodeSystem/{questionnaire}", "code": str(code)}}


def cat(points: str = "33333333", **other: Any) -> dict[str, Any]:
    """Build a response to CAT from eight digits; `-` is an item left out."""
    answered = ((n, digit) for n, digit in enumerate(points, 1) if digit != "-")
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": CAT,
        "status": "completed",
        "item": [{"linkId": f"cat-{n}", "answer": [coded(digit)]} for n, digit in answered],
        **other,
    }


def lines_of(*lines: Any) -> str:
    """Write one JSON text per line; a text stands as it is."""
    return "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)


def run(*arguments: str, fed: str | bytes = "") -> tuple[Result, list[Any]]:
    """Run a command in this process; return what it said, and each JSON object of it."""
    result = CliRunner().invoke(main, list(arguments), input=fed)
    return result, list(_objects(result.stdout.strip()))


def _objects(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    while text.startswith("{"):
        found, end = decoder.raw_decode(text)
        yield found
        text = text[end:].lstrip()


def run_measured(*arguments: str, fed: bytes) -> tuple[list[bytes], int, set[str]]:
    """Run a command in a process of its own.

    Returns:
        Its lines, its highest memory in KiB, and the packages that it loaded.
    """
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments], input=fed, capture_output=True, check=True, env=os.environ
    )
    _code, memory, *loaded = told.stderr.decode().split()
    return told.stdout.splitlines(), int(memory), set(loaded)


def assert_lines_take_no_memory(command: str, line: bytes, room: str) -> None:
    """Feed few lines and many: as many come out, in the same memory, and nothing heavy is loaded for it.

    Args:
        room: the package that the command is there for, which must be loaded.
    """
    few, little, loaded = run_measured(command, "--ndjson", fed=line * 500)
    many, much, _ = run_measured(command, "--ndjson", fed=line * 10_000)

    assert (len(few), len(many), set(many)) == (500, 10_000, set(few))
    assert much - little < 4 * 1024
    assert room in loaded
    assert not loaded & HEAVY
