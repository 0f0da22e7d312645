"""`make bench`: measures rows 3 to 7 and 9, prints them and writes docs/benchmarks.md; a missed gate fails the run.

`SVARBRO_BENCH=full` measures longer and on PostgreSQL too; arguments name the rows, all without any.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from delivery.content import load_content
from tests.bench import computing, delivering, rendering, rescoring, scheduling, submitting
from tests.bench.extent import chosen_extent
from tests.bench.figures import Figure, table_of
from tests.bench.machine import machine_facts

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"


def main(wanted: list[str]) -> int:
    """Measure and report; return the exit code."""
    extent, content, began = chosen_extent(), load_content(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="svarbro-bench-") as directory:
        rows: Mapping[str, Callable[[], tuple[Figure, ...]]] = {
            "3": lambda: computing.measured(content, extent),
            "4": lambda: submitting.measured(Path(directory), extent),
            "5": lambda: rescoring.measured(content, extent),
            "6": lambda: scheduling.measured(Path(directory) / "scheduling", extent),
            "7": lambda: delivering.measured(Path(directory) / "delivering", extent),
            "9": lambda: rendering.measured(Path(directory) / "rendering", extent),
        }
        figures: list[Figure] = []
        for row in wanted or rows:
            figures += rows[row]()
    table = table_of(figures)
    sys.stdout.write(f"{table}\n\n{time.monotonic() - began:.0f} s\n")
    if not wanted:
        _write(table)
    return 1 if any(one.met is False for one in figures) else 0


def _write(table: str) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    facts = "\n".join(machine_facts())
    PAGE.write_text(f"{before}{BEGIN}\n\n{facts}\n\n{table}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
