"""The vocabulary, concept schemes and reference data as Turtle, and their names in code.

Nothing here imports the other folders of the product. Turtle files use IRIs relative to the base IRI of a build and
are read with it; to add an actor, a theme or an instrument edit one Turtle file. `catalogue.ttl` has what the catalogue
of every build says alike.
"""
