"""Compiles a regular expression into the machine of `pattern`; what the machine cannot do is refused by name."""

import re
from collections.abc import Callable, Sequence
from functools import partial

from questionnaires.pattern import MOST_STEPS, Pattern, PatternError, Step

DEEPEST = 20
QUANTIFIERS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
COUNTED = re.compile(r"\{([0-9]{1,4})(,([0-9]{1,4})?)?\}")
ESCAPE = re.compile(r"\\(?:[dDwWsStnrf]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^A-Za-z0-9])")
IN_CLASS = re.compile(r"\[\^?\]?(?:" + ESCAPE.pattern + r"|[^\]\\])*\]")
SETS_OF_SETS = re.compile(r"(?<!\\)(&&|--|~~|\|\||\[)")

Program = list[Step]
Node = Callable[[Program], None]
"""Appends the steps of one part of the expression."""


def compile_pattern(text: str) -> Pattern:
    """Compile an expression for whole texts: literals, classes, groups, alternatives and repetitions.

    Raises:
        PatternError: it looks around or back, is nested too deep, repeats too often, or is no expression.
    """
    body = text.removeprefix("^")
    if body.endswith("$") and not body.endswith("\\$"):
        body = body[:-1]
    parser = _Parser(body)
    node = parser.alternatives(0)
    if parser.at < len(body):
        raise PatternError("a bracket is closed that was not opened")
    program: Program = []
    node(program)
    return Pattern(text, tuple(program))


class _Parser:
    """Reads an expression from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def alternatives(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise PatternError("it is nested too deep")
        found = [self._sequence(depth)]
        while self._next("|"):
            found.append(self._sequence(depth))
        return found[0] if len(found) == 1 else partial(_either, found)

    def _next(self, wanted: str) -> bool:
        if not self.text.startswith(wanted, self.at):
            return False
        self.at += len(wanted)
        return True

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._repeated(self._part(depth)))
        return partial(_all_of, parts)

    def _part(self, depth: int) -> Node:
        if not self._next("("):
            return partial(_character, _one_character(self._atom()))
        self._next("?:")
        if self.text.startswith("?", self.at):
            raise PatternError("it looks around, or names a group")
        inner = self.alternatives(depth + 1)
        if not self._next(")"):
            raise PatternError("a bracket is not closed")
        return inner

    def _atom(self) -> str:
        """Cut out what stands for one character."""
        start = self.text[self.at]
        found: re.Match[str] | None
        if start == "\\":
            found = ESCAPE.match(self.text, self.at)
        elif start == "[":
            found = IN_CLASS.match(self.text, self.at)
        else:
            found = re.compile(r"[^*+?{}^$\]]", re.DOTALL).match(self.text, self.at)
        if found is None:
            raise PatternError(f"what stands at position {self.at + 1} is not matched here")
        self.at = found.end()
        return found[0]

    def _repeated(self, node: Node) -> Node:
        counted = COUNTED.match(self.text, self.at)
        if counted is not None:
            self.at = counted.end()
            low = int(counted[1])
            high = low if counted[2] is None else None if counted[3] is None else int(counted[3])
        elif self.at < len(self.text) and self.text[self.at] in QUANTIFIERS:
            low, high = QUANTIFIERS[self.text[self.at]]
            self.at += 1
        else:
            return node
        # Lazy or greedy makes no difference to whether a whole text matches.
        self._next("?")
        if high is not None and high < low:
            raise PatternError("a repetition ends before it begins")
        return partial(_times, node, low, high)


def _one_character(atom: str) -> re.Pattern[str]:
    if atom.startswith("[") and SETS_OF_SETS.search(atom, 1):
        raise PatternError("a class holds a class")
    try:
        # `\d`, `\w` and `\s` are those of ASCII, as in XML Schema and Java.
        return re.compile(atom, re.ASCII)
    except re.error as error:
        raise PatternError("a class is no class") from error


def _append(program: Program, step: Step) -> None:
    if len(program) >= MOST_STEPS:
        raise PatternError(f"it needs more than {MOST_STEPS} steps; say lengths by minLength and maxLength")
    program.append(step)


def _character(takes: re.Pattern[str], program: Program) -> None:
    _append(program, Step(takes))


def _all_of(parts: Sequence[Node], program: Program) -> None:
    if not parts:
        # Nothing is a step too, so that repeating it counts as work.
        _append(program, Step(None, (len(program) + 1,)))
    for part in parts:
        part(program)


def _either(parts: Sequence[Node], program: Program) -> None:
    fork, ends = len(program), []
    _append(program, Step(None))
    starts = []
    for part in parts:
        starts.append(len(program))
        part(program)
        ends.append(len(program))
        _append(program, Step(None))
    program[fork] = Step(None, tuple(starts))
    for end in ends:
        program[end] = Step(None, (len(program),))


def _times(node: Node, low: int, high: int | None, program: Program) -> None:
    for _ in range(low):
        node(program)
    if high is None:
        fork = len(program)
        _append(program, Step(None))
        node(program)
        _append(program, Step(None, (fork,)))
        program[fork] = Step(None, (fork + 1, len(program)))
        return
    forks = []
    for _ in range(high - low):
        forks.append(len(program))
        _append(program, Step(None))
        node(program)
    for fork in forks:
        program[fork] = Step(None, (fork + 1, len(program)))
