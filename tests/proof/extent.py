"""Whether the proofs run quick or in full."""

import os

FULL = os.environ.get("SVARBRO_PROOF") == "full"


def extent(quick: int, full: int) -> int:
    """Choose a number by how far this run goes."""
    return full if FULL else quick
