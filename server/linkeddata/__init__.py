"""Linked data: every IRI of the graph answers, in every format, and the catalogue says what there is."""
