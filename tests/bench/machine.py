"""What the figures were measured on: processors, versions and date; no name of a machine, no path."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("flask", "gunicorn", "sqlalchemy", "flask-sqlalchemy", "fhir.resources", "pydantic", "jiter")


def machine_facts() -> tuple[str, ...]:
    """Tell date, machine and versions, one line each."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores ({_processor()}), shared with the load.",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, node {_node()}; {packages}.",
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _node() -> str:
    try:
        return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "none"
