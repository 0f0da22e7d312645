"""A newer version of this service, made of its own source: functions of the send path have other names and places."""

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[3]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "instance", "build", "*.egg-info")
RENAMED = {
    "hand_over": "carry_over",
    "HandOverToPatient": "PatientCarrier",
    "HandOverReport": "ReportCarrier",
    "render_report": "write_report",
    "free_lost": "take_back_lost",
    "InFlight": "UnderWay",
}
MOVED = {"flow/deliver.py": "flow/carrying.py", "flow/in_flight.py": "flow/under_way.py"}
NEW_KIND = "inbox-courtesy"
"""A kind of message that only the newer version knows."""
TAUGHT = {
    "delivery/outbox.py": ('    OPERATOR_ALARM = "operator-alarm"\n', f'    COURTESY = "{NEW_KIND}"\n'),
    "flow/report.py": ("_EVENTS = {\n", "    MessageKind.COURTESY: ReportEvent.UNDELIVERED,\n"),
}
"""In a file, after some line, another one."""


def renamed_source(directory: Path) -> Path:
    """Write the newer version into a directory and return it.

    Raises:
        AssertionError: something to be renamed is not there any more.
    """
    source = directory / "newer"
    shutil.copytree(ROOT, source, ignore=LEFT_OUT)
    names = {**RENAMED, **{_module(old): _module(new) for old, new in MOVED.items()}}
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
    seen = set()
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        seen |= set(pattern.findall(text))
        path.write_text(pattern.sub(lambda found: names[found[0]], text), encoding="utf-8")
    assert seen == names.keys(), "everything that is renamed is used"
    for old, new in MOVED.items():
        (source / old).rename(source / new)
    for name, (line, added) in TAUGHT.items():
        text = (source / name).read_text(encoding="utf-8")
        assert text.count(line) == 1
        (source / name).write_text(text.replace(line, line + added), encoding="utf-8")
    return source


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")
