"""From the source document to a published snapshot: read, extract, judge, describe, validate, publish.

`reading` turns the text into a `Document`; `extraction` finds citations, names and directives in it; `editorial` adds
what people judged; `describing` turns all of it into quads; `publishing` puts them down as a snapshot in one rename.
"""
