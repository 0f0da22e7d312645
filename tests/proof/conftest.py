"""The proofs of docs/verification.md and docs/reliability.md: `make proof` runs them quick, `make proof-full` in full.

How they are laid out: one file `test_*.py` per claim of DESIGN section 10, and beside it the modules that it needs; in
`delivery/` one file per invariant of docs/delivery.md. A proof asks `tests.proof.extent` whether it runs in full, puts
a line per subject into the fixture `ledger` (printed as tables when everything has run, from whatever process it comes)
and asserts that no difference is left. They are not part of `make test`: `norecursedirs` in pyproject.toml leaves this
folder out unless it is named. Scores (`test_oracle*`), answers (`test_gate*`) and code (`test_mutation*`) share their
work among two processes of their own (`crew`); those of delivery, security and the form run side by side, a file at a
time.
"""

from tests.proof.printed import crew, ledger, pytest_configure

__all__ = ["crew", "ledger", "pytest_configure"]
