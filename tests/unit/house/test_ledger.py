"""What the proofs found is printed whole, from however many processes it comes."""

import subprocess
import sys

import pytest

from tests.unit.house.house import ROOT

CONFTEST = """
from tests.proof.printed import ledger, pytest_configure
"""
PROOF = """
import pytest

@pytest.fixture(scope="module")
def counted(ledger):
    yield
    ledger.add("I2 at the end", module={name!r}, rows=1)

@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_claim(ledger, counted, database):
    ledger.add("I10 catch-up", module={name!r}, database=database, sent=12_345, lost=0)
    assert database != "postgresql" or {name!r} == "one", "what was found stands there also when it is wrong"
"""


@pytest.mark.parametrize("processes", [[], ["-n", "2", "--dist", "loadscope"]], ids=["one", "several"])
def test_every_row_of_every_process_is_printed_once_in_the_order_of_the_claims(tmp_path, processes):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for name in ("one", "two"):
        (tmp_path / f"test_{name}.py").write_text(PROOF.format(name=name))
    options = ["-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider", *processes]

    said = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    lines = [" ".join(line.split()) for line in said.stdout.splitlines()]
    tables = [line.strip("= ") for line in lines if line.startswith("===")]
    told = sorted(line for line in lines if line.startswith(("one", "two")))
    assert [one for one in tables if one.startswith("I")] == ["I2 at the end", "I10 catch-up"]
    assert told == [
        *("one 1", "one postgresql 12,345 0", "one sqlite 12,345 0"),
        *("two 1", "two postgresql 12,345 0", "two sqlite 12,345 0"),
    ]
