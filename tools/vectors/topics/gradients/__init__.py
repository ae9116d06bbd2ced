"""One module for each file of gradients; each gives `cases()`."""
