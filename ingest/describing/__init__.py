"""Document, findings and judgements as quads.

`structure` says what the source says, `annotations` what rules read in it, `judgements` what editors judged,
`provenance` what made each graph. Superclasses and superproperties are written out, so nobody needs reasoning.
"""
