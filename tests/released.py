"""The content files, read once for all tests of a process."""

from delivery.content import load_released

RELEASED = load_released()
