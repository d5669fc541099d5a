"""Document, findings and judgements as quads.

`structure` says what the source says, `annotations` what rules read in it, `judgements` what was suggested and judged,
`provenance` what made each graph. `writing_out` adds the superclasses and
superproperties, so that nobody needs reasoning.
"""
