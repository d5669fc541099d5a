"""HTTP: URLs, content negotiation, errors, and the one function that finishes every response."""
