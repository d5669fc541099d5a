"""Visitors' queries: a gate that reads them, worker processes that run them and may be killed, and the protocol around.

The way of a query: `endpoint` → `request` (what is asked) → `gate` (may it run?) → `service` (is the answer known, or
being made?) → `admission` (is there a place?) → `pool` → `worker` (another process) → the client.
"""
