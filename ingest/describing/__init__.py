"""Document, findings and judgements as quads.

`structure` says what the source says, `annotations` what rules read in it, `judgements` what was suggested and judged.
`ingest.describe` puts them together, with what made each graph and with superclasses and superproperties.
"""
