"""Rules over the text: each finding is a value with the positions it was read from; nothing here knows RDF."""
