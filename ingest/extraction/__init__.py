"""Rules over the text: each finding is a value with the positions it was read from; nothing here knows RDF.

`lexicon` alone meets triples: it reads the lexicon out of reference data. The words that the rules know are lists in
``words.toml``.
"""

from ingest.extraction.extract import Extraction, Unresolved, extract, extract_text, extract_texts
from ingest.extraction.lexicon import Lexicon, read_lexicon

__all__ = ["Extraction", "Lexicon", "Unresolved", "extract", "extract_text", "extract_texts", "read_lexicon"]
