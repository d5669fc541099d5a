"""Every SPARQL query of the project, one file each, with its title, question, parameters and what a row means.

`questions/` are the public ones a researcher would steal; `pages/` feed the site; `resources/` describe a resource;
`tables/` are counted at build time; `checks/` are the set-based part of validation. Prefixes are relative to the base.

``builds/`` has what the catalogue says of a build and its files (`ingest/catalogue_graph.py`), and ``portable/`` second
forms of checks, for engines that ask one node at a time (`shapes/sparql_constraints.py`).

How a text is read, ours or a visitor's: `scanner` cuts it into tokens, `prologue` says what they declare, `grammar` and
`expressions` make a `parsed_query` of them.
"""
