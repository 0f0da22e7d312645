"""Documents made of results; the first kind arrives with the record note."""
