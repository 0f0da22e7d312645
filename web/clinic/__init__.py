"""The clinic's pages: sign in, worklist, result and decision."""
