"""The proofs of docs/verification.md: `make proof` runs them quick, `make proof-full` as far as they go.

How they are laid out: one file `test_*.py` per claim of DESIGN section 10, and beside it the modules that it needs. A
proof asks `tests.proof.extent` whether it runs in full, does its work on at most two cores, puts a line per subject
into the fixture `ledger` (printed as tables when everything has run) and asserts that no difference is left. They are
not part of `make test`: `norecursedirs` in pyproject.toml leaves this folder out unless it is named. The names of the
files are `test_oracle*` (scores), `test_gate*` (answers) and `test_mutation*` (code).
"""

from tests.proof.printed import crew, ledger, pytest_terminal_summary

__all__ = ["crew", "ledger", "pytest_terminal_summary"]
