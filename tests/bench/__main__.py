"""`make bench`: measures rows 3 to 9 and 12 and writes each to docs/benchmarks.md; a missed gate fails the run.

`SVARBRO_BENCH=full` measures longer and on PostgreSQL too; arguments name the rows, all without any.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from delivery.content import load_content
from tests.bench import computing, delivering, guarding, listing, page, rendering, rescoring, scheduling, submitting
from tests.bench.extent import chosen_extent
from tests.bench.figures import Figure, table_of


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
            "8": lambda: listing.measured(Path(directory) / "listing", extent),
            "9": lambda: rendering.measured(Path(directory) / "rendering", extent),
            "12": lambda: guarding.measured(Path(directory) / "guarding", extent),
        }
        for row in wanted or rows:
            page.require_place(row)
        missed = 0
        for row in wanted or rows:
            figures = rows[row]()
            page.write(row, figures)
            sys.stdout.write(f"{table_of(figures)}\n\n")
            sys.stdout.flush()
            missed += sum(one.met is False for one in figures)
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
