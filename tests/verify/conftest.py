"""Verification of content by engines that are not ours: `make verify-content`, in full with SVARBRO_PROOF=full.

The Questionnaires of `scoring.export` are given to fhirpath.js and to LForms, which run on Node as test tools only;
their scores must be those of our engine. `make verify-content` installs them into node_modules here.
"""

from tests.proof.printed import ledger, pytest_configure

__all__ = ["ledger", "pytest_configure"]
