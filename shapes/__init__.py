"""What the graph must be like, and its validation.

The Turtle files hold the rules, one family each: SHACL core for what can be seen at one node, and descriptions of the
checks in `queries/checks/` for what needs a join or the text. `validate` finds results, `report` says them in words.
"""
