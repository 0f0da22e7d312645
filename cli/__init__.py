"""The `svarbro` command, one file per group, lazily loaded."""
