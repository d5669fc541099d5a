"""What the graph must be like, and the judge of it.

The Turtle files hold the rules, one family each: SHACL core for what can be seen at one node, and descriptions of the
checks in `queries/checks/` for what needs a join or the text. `validation` judges a graph, `report` says it in words.
"""
