"""What every room may import: ids, clock, errors, settings, log."""
