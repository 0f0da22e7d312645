"""Runs the mutants that mutmut made: the tests are collected once, and each mutant is a fork of that process.

mutmut collects the tests anew for each mutant, which takes longer than most mutants live. Here the tests that noticed
other changes of the same function or module come first, then one of each kind, fast ones before slow ones; which tests
reach which function, mutmut has found out. Started where mutmut made its mutants:
`python -P tests/proof/mutant_runs.py PATTERN...`.
"""

import fnmatch
import gc
import json
import os
import shutil
import signal
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from mutmut.mutation import trampoline

MUTANTS = Path.cwd() / "mutants"
TEMPORARY = Path.cwd() / "temporary"
HANDS = min(2, os.cpu_count() or 1)
NOBODY = "nothing.x_nothing__mutmut_0"
"""A mutant that is none: with it, every test must pass."""
NOTICED, BROKEN, UNREACHED = 1, 3, 33
"""Exit codes as mutmut writes them: a test failed, the run did, no test reaches the code; 0 where all tests passed."""
SLOWEST, LEAST_S = 20, 3
"""A test may take this many times as long as it did without a change, and these seconds more."""
SLOW_S = 0.05


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change.

    Args:
        name: as mutmut calls it.
        meta: mutmut's file of its module, which takes the verdict.
        tests: those that reach the function, with the seconds that each takes, in the order of running.
    """

    name: str
    meta: Path
    tests: Mapping[str, float]

    @property
    def function(self) -> str:
        """Which function it changes."""
        return self.name.rpartition("__mutmut_")[0]


def mutants(patterns: list[str]) -> Iterator[Mutant]:
    """Find the mutants of these patterns that have no verdict."""
    stats = json.loads((MUTANTS / "mutmut-stats.json").read_text(encoding="utf-8"))
    durations: dict[str, float] = stats["duration_by_test"]
    reaching = {name: _in_turn(tests, durations) for name, tests in stats["tests_by_mangled_function_name"].items()}
    yield Mutant(NOBODY, MUTANTS, _in_turn(durations, durations))
    for meta in sorted(MUTANTS.rglob("*.py.meta")):
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            if code is None and any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
                yield Mutant(name, meta, reaching.get(name.rpartition("__mutmut_")[0], {}))


def _in_turn(tests: Iterable[str], durations: Mapping[str, float]) -> Mapping[str, float]:
    """Order tests: the fastest case of each test function, then the next of each; slow ones last."""
    seen: Counter[str] = Counter()
    turns = {}
    for test in sorted(tests, key=durations.__getitem__):
        function = test.partition("[")[0]
        turns[test] = (durations[test] > SLOW_S, seen[function], durations[test])
        seen[function] += 1
    return {test: durations[test] for test in sorted(turns, key=turns.__getitem__)}


class Runs:
    """A plugin of pytest that runs mutants in the place of tests."""

    def __init__(self, patterns: list[str]) -> None:
        nobody, *found = mutants(patterns)
        self._waiting = [nobody, *sorted(found, key=lambda mutant: sum(mutant.tests.values()))]
        self._running: dict[int, tuple[Mutant, int]] = {}
        self._noticed: defaultdict[object, Counter[str]] = defaultdict(Counter)
        """Function or module -> tests that noticed a change of it, and how often."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all mutants, two at a time."""
        items = {item.nodeid: item for item in session.items}
        gc.collect()
        gc.freeze()
        for done, mutant in enumerate(self._waiting):
            print(f"{done} of {len(self._waiting)}", flush=True)  # noqa: T201 - told to whoever looks on
            if not mutant.tests:
                _write(mutant, UNREACHED)
                continue
            while len(self._running) >= HANDS:
                self._take_one()
            self._start(mutant, [items[test] for test in self._in_order(mutant) if test in items], session)
        while self._running:
            self._take_one()
        return True

    def _in_order(self, mutant: Mutant) -> list[str]:
        here, near = self._noticed[mutant.function], self._noticed[mutant.meta]
        return sorted(mutant.tests, key=lambda test: (-here[test], -near[test]))

    def _start(self, mutant: Mutant, items: list[pytest.Item], session: pytest.Session) -> None:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            _run(mutant, items, session, writing)
        os.close(writing)
        self._running[pid] = mutant, reading

    def _take_one(self) -> None:
        pid, status = os.wait()
        mutant, reading = self._running.pop(pid)
        with os.fdopen(reading, "rb") as stream:
            noticing = stream.read().decode()
        if noticing:
            self._noticed[mutant.function][noticing] += 1
            self._noticed[mutant.meta][noticing] += 1
        shutil.rmtree(TEMPORARY / str(pid), ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        if mutant.name != NOBODY:
            _write(mutant, code)
        elif code:
            raise RuntimeError(f"without any change a test fails: {noticing}")


def _write(mutant: Mutant, code: int) -> None:
    meta: dict[str, Any] = json.loads(mutant.meta.read_text(encoding="utf-8"))
    meta["exit_code_by_key"][mutant.name] = code
    # Replaced whole, so that whoever looks on never reads half a file.
    fresh = mutant.meta.with_suffix(".fresh")
    fresh.write_text(json.dumps(meta, indent=4), encoding="utf-8")
    fresh.replace(mutant.meta)


def _run(mutant: Mutant, items: list[pytest.Item], session: pytest.Session, writing: int) -> NoReturn:
    """Run tests in the fork until one fails, and tell which."""
    code = BROKEN
    try:
        os.environ["MUTANT_UNDER_TEST"] = mutant.name
        # Each call of a function that has mutants asks for this; the environment is slow to ask.
        trampoline.get_mutant_under_test = lambda: mutant.name
        _silence()
        # Each fork has a place of its own for temporary directories, which is gone with it.
        own = TEMPORARY / str(os.getpid())
        own.mkdir(parents=True)
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(own)
        code = 0
        for item, following in zip(items, [*items[1:], None], strict=True):
            _limit(mutant.tests[item.nodeid])
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                os.write(writing, item.nodeid.encode())
                code = NOTICED
                break
    except BaseException:  # noqa: BLE001 - whatever it is, the mutant has been noticed, and the fork must end here
        code = BROKEN
    finally:
        os._exit(code)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())


def _limit(seconds: float) -> None:
    """End the fork where a test goes on for ever; beside others it has more time on the clock than of its own."""
    most = LEAST_S + SLOWEST * seconds
    signal.setitimer(signal.ITIMER_PROF, most)
    signal.setitimer(signal.ITIMER_REAL, SLOWEST * most)


def main(patterns: list[str]) -> int:
    """Run the mutants of these patterns in the copy that is the working directory."""
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    chosen = settings["pytest_add_cli_args_test_selection"] + settings["pytest_add_cli_args"]
    runs = Runs(patterns)
    os.chdir(MUTANTS)
    sys.path.insert(0, str(MUTANTS))
    os.environ |= {"MUTANT_UNDER_TEST": "", "PY_IGNORE_IMPORTMISMATCH": "1"}
    return int(pytest.main(["--rootdir=.", "--tb=no", "--assert=plain", "-x", "-q", "-s", *chosen], plugins=[runs]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
