"""Conformance of the running server with the W3C documents of SPARQL 1.1, requirement by requirement."""
