"""Reads what commands are fed, files or standard input, in constant memory: whole texts, or one text per line."""

from collections.abc import Iterator, Sequence
from typing import IO

import click

from questionnaires.strict_json import MOST_BYTES_ATTACHED

LONGEST = MOST_BYTES_ATTACHED + 2
"""Bytes that are read of one text: enough that the gate sees that a longer one is too long."""
STANDARD_INPUT = "-"
FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)
"""Type of a file argument; `-` is standard input."""


def whole_texts(names: Sequence[str]) -> Iterator[bytes]:
    """Read each file as one text."""
    for name in names:
        with click.open_file(name, "rb") as stream:
            yield stream.read(LONGEST)


def line_texts(names: Sequence[str]) -> Iterator[bytes]:
    """Read each line of the files as one text, in order; lines of blanks are passed over.

    Args:
        names: none means standard input.
    """
    for name in names or (STANDARD_INPUT,):
        with click.open_file(name, "rb") as stream:
            yield from _lines(stream)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LONGEST):
        if not line.endswith(b"\n"):
            _pass_over_rest(stream)
        text = line.strip()
        if text:
            yield text


def _pass_over_rest(stream: IO[bytes]) -> None:
    """Leave out the end of a line that is too long for anybody; on the last line there is none."""
    while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass
