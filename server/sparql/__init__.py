"""Visitors' queries: a gate that reads them, worker processes that run them and may be killed, and the protocol around.

The way of a query: `endpoint` → `request` (what is asked) → `gate` (may it run?) → `service` (is the answer known, or
being made?) → `admission` (is there a place?) → `pool` → `worker` (another process) → the client.

How a text is read: `queries.scanner` cuts it into tokens, by which the `gate` judges it; `queries.grammar` makes
a `ParsedQuery` of them, by which `detours` write it for the engine, and `explanations` say why it is none or what it
may mean otherwise.
"""
