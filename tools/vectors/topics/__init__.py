"""One module for each vector file; each gives `cases()`."""
