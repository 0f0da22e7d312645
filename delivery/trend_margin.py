"""The margin of a trend's drawing: the words of the bands, beside the scale and never under what is drawn on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from textwrap import wrap

LINE = 16
"""Characters of a line, as long as no word is longer."""
CHARACTER, LINE_HEIGHT, LEAD = 7.4, 14, 16
"""Width of a character at most, height of a line, and room for what leads from a band to its words."""
BETWEEN = 3
"""Least room between the words of two bands."""
_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class BandWords:
    """What a band is called.

    Args:
        y: middle of the band.
        top: of the first line; away from the band where its neighbours need the room.
    """

    lines: tuple[str, ...]
    y: float
    top: float

    @property
    def height(self) -> int:
        """Height of all lines."""
        return _height(self.lines)


def broken(words: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Break the words of each band into lines; what stands in brackets stays together where it can."""
    kept = {code: _ASIDE.sub(lambda found: _whole(found[0]), told) for code, told in words.items() if told}
    return {
        code: tuple(wrap(told, LINE, break_long_words=False, break_on_hyphens=False)) for code, told in kept.items()
    }


def width_of(blocks: Sequence[tuple[str, ...]]) -> float:
    """Tell how wide the margin is; nothing without words."""
    return max((len(line) for lines in blocks for line in lines), default=-LEAD / CHARACTER) * CHARACTER + LEAD


def height_of(blocks: Sequence[tuple[str, ...]]) -> int:
    """Tell how high a scale must be for the words of all its bands."""
    return sum(_height(lines) + BETWEEN for lines in blocks)


def placed(bands: Sequence[tuple[float, tuple[str, ...]]], *, top: float, bottom: float) -> tuple[BandWords, ...]:
    """Put each band's words beside it, and apart from those of its neighbours.

    Args:
        bands: middle and lines of each, from the top.
        top, bottom: between these there is room for all of them.
    """
    heights = [_height(lines) + BETWEEN for _, lines in bands]
    wished = [middle - _height(lines) / 2 for middle, lines in bands]
    # What all of them need from here to the bottom is the lowest that one may begin.
    needs = list(accumulate(reversed(heights)))[::-1]
    found: list[BandWords] = []
    free = top
    for (middle, lines), wish, height, need in zip(bands, wished, heights, needs, strict=True):
        at = max(free, min(wish, bottom - need))
        found.append(BandWords(lines, middle, round(at, 1)))
        free = at + height
    return tuple(found)


def _whole(aside: str) -> str:
    return aside.replace(" ", "\N{NO-BREAK SPACE}") if len(aside) <= LINE else aside


def _height(lines: tuple[str, ...]) -> int:
    return len(lines) * LINE_HEIGHT
