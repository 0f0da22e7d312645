"""`python -m cli`: the same as the `svarbro` command."""

from cli.main import main

main()
