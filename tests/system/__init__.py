"""Tests with real servers from outside: nginx in front, other engines behind. `make test-system` runs them."""
