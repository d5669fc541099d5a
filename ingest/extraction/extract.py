"""Extraction of a whole document: every rule over every paragraph and item, keyed by their paths below the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from ingest.document import Document, Span
from ingest.extraction.citations import find_citations
from ingest.extraction.directives import find_directives
from ingest.extraction.findings import Directive, Findings, Mention
from ingest.extraction.lexicon import Lexicon
from ingest.extraction.meanings import gives_meanings, in_document, reviewed_state, with_meanings
from ingest.extraction.named_before import with_named_before
from ingest.extraction.names import Naming
from ingest.extraction.resolutions import resolution_mentions
from ingest.extraction.treaties import with_treaties

NOTHING: Mapping[str, str] = {}
_PLACE = attrgetter("span.start", "span.end", "entity", "kind")


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Words that cite something of which nothing says what or whose it is; ``path`` names the text."""

    path: str
    span: Span
    words: str

    def __str__(self) -> str:
        place = f"{self.path}, characters {self.span.start} to {self.span.end}"
        return f"{place}: nothing says which is meant by “{self.words}”"


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that rules found in a document: findings by the path of their text, and what they could not resolve."""

    findings: Mapping[str, Findings]
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def named(self) -> Mapping[str, frozenset[str]]:
        """The paths of all that is named, addressed or asked, with the words of actors whom no lexicon has."""
        named: dict[str, set[str]] = {}
        for findings in self.findings.values():
            for mention in findings.mentions:
                named.setdefault(mention.entity, set())
            for directive in findings.directives:
                for slug in (*directive.addressees, *directive.asked, directive.issuer):
                    named.setdefault(f"id/actor/{slug}", set())
                for path, words in directive.unlisted:
                    named.setdefault(path, set()).add(words)
        return {path: frozenset(words) for path, words in named.items()}


def extract(document: Document, lexicon: Lexicon) -> Extraction:
    """The mentions of all texts of a document, footnotes too, and the directives of its recommendations.

    Rules read English only: a document in another language has no findings.
    """
    if document.metadata.language != "en":
        return Extraction({document.paragraph_path(each.key): Findings() for each in document.paragraphs})
    lexicon = in_document(document, lexicon)
    naming = Naming(lexicon)
    reviewed = reviewed_state(document.metadata.means)
    findings: dict[str, Findings] = {}
    unresolved: list[Unresolved] = []
    asking = {document.paragraph_path(each.key) for each in document.paragraphs if each.is_recommendation}
    for text in document.all_texts:
        path, words = text.path, text.words
        names = _names(words, naming)
        directives = find_directives(words, names, document.metadata.issuer, reviewed) if path in asking else ()
        mentions, open_ends = _mentions(words, names, lexicon, directives)
        findings[path] = Findings(mentions, directives)
        unresolved += [Unresolved(path, span, span.cut(words)) for span in open_ends]
    return Extraction(findings, tuple(unresolved))


def extract_text(text: str, lexicon: Lexicon, issuer: str, means: Mapping[str, str] = NOTHING) -> Findings:
    """The mentions and directives of a text that stands by itself, as those of a recommendation of this issuer.

    ``means`` says what its short names mean, as the metadata of a document do.
    """
    return extract_texts({"": text}, lexicon, issuer, means)[""]


def extract_texts(
    texts: Mapping[str, str], lexicon: Lexicon, issuer: str, means: Mapping[str, str] = NOTHING
) -> dict[str, Findings]:
    """The findings of texts that each stand by themselves, by name: a short name that one defines means nothing in
    another."""
    shared = _naming(lexicon, tuple(means.items()))
    reviewed = reviewed_state(means)
    findings: dict[str, Findings] = {}
    for name, text in texts.items():
        gives = gives_meanings(text, lexicon, shared.lexicon)
        naming = Naming(with_meanings(lexicon, means, (text,))) if gives else shared
        names = _names(text, naming)
        directives = find_directives(text, names, issuer, reviewed)
        findings[name] = Findings(_mentions(text, names, naming.lexicon, directives)[0], directives)
    return findings


@lru_cache(maxsize=8)
def _naming(lexicon: Lexicon, means: tuple[tuple[str, str], ...]) -> Naming:
    """What finds the names of texts that say nothing themselves of what names mean."""
    return Naming(with_meanings(lexicon, dict(means)))


def _names(text: str, naming: Naming) -> tuple[Mention, ...]:
    """What a text names: by the lexicon, treaties that it has not, and short names that the text itself explains."""
    return with_named_before(text, with_treaties(text, naming.mentions(text), naming.lexicon), naming.lexicon)


def _mentions(
    text: str, names: tuple[Mention, ...], lexicon: Lexicon, directives: tuple[Directive, ...] = ()
) -> tuple[tuple[Mention, ...], tuple[Span, ...]]:
    """The mentions of a text by place, and what stays open; at one span a name goes before a qualifier
    or an action."""
    citations = find_citations(text, names, lexicon.defined)
    resolutions = tuple(resolution_mentions(text, lexicon))
    readings = [*citations.names, *citations.provisions, *(mention for mention in resolutions if mention.entity)]
    taken = {mention.span for mention in readings}
    said = (each for of in directives for each in (*of.qualifiers, *of.actions, *of.asked_actions))
    readings += (each for each in said if each.span not in taken)
    open_ends = [*citations.unresolved, *(mention.span for mention in resolutions if not mention.entity)]
    return tuple(sorted(readings, key=_PLACE)), tuple(sorted(open_ends))
