"""The patient's form: pages that work without script, one question at a time."""
