"""The running server on the real graph, as a reader's browser shows it."""
