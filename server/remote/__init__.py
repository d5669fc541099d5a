"""The store as an engine elsewhere, behind a SPARQL 1.1 endpoint: our questions and visitors' queries, sent to it."""
