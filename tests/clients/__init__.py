"""The programs people have, on the running server and the real graph."""
