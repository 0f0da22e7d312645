"""The exact numbers that scores are: whole ones are integers, which are read, compared and subtracted fastest."""

from fractions import Fraction

Number = int | Fraction
"""Both compare, hash and are written alike. Divide by `Fraction`, because `/` of two integers gives a float."""


def plain(value: Number) -> Number:
    """Turn a whole fraction into the integer that it equals."""
    return value.numerator if value.denominator == 1 else value


def read_number(text: str) -> Number:
    """Read a number back that was written by `str`, such as `24` or `160/7`."""
    return Fraction(text) if "/" in text else int(text)
