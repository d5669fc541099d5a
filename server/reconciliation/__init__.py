"""Reconciliation: names and citations in a table of somebody else's are matched with things here, as OpenRefine asks.

`protocol` reads requests and writes answers as the W3C community group's Reconciliation Service API 0.2 has them;
`matching` has what there is to match and finds candidates.
"""
