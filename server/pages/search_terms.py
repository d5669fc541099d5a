"""What a reader searches for: words as expressions of the full-text index, and citations as lawyers write them.

Every word stands for its family, and a search forgives where nothing has all words. A citation (``para 35``,
``art. 16(5) of the Protocol``, ``UNTOC 27``, a symbol) becomes the things it may name, the likeliest first: paragraphs
of the documents here, provisions of the treaties here, or a document by its symbol.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from ontology.words import family, normalized
from server import page_index
from server.cache import kept_with
from server.page_index import Index
from server.pages.values import Link, node, of_several, text
from server.web.request import Exchange

WORD = re.compile(r"[^\W_]+", re.UNICODE)
SHORT_FORMS = {
    "art": "article",
    "arts": "article",
    "conv": "convention",
    "para": "paragraph",
    "paras": "paragraph",
    "rec": "recommendation",
    "recs": "recommendation",
    "res": "resolution",
}
"""What lawyers write for words of these documents."""
MOST = 20
"""How many different words and phrases are searched for; further ones are not read."""
NEAR = 3
LIKENESS = 0.65
"""How like a word of the index must be to one that is not in it, of 1 (`difflib.SequenceMatcher.ratio`)."""
TRIED, COMPARED = 4, 5_000
"""How many unknown words get words like them, each compared with how many that begin alike: a search stays short."""
_PHRASE_OR_WORD = re.compile(r'"([^"]*)"|([^\W_]+)')
_BESIDE = "SELECT word FROM word WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ? LIMIT ?"


def expression(terms: str, index: sqlite3.Connection, *, unfinished: bool = False) -> str:
    """All of the terms as an expression of FTS5 (SQLite FTS5 §3), or nothing where there are none.

    A word stands for the words of its family (`ontology.words`), and for those that begin with it where the index lacks
    it or the last one is ``unfinished``. Words in double quotes stand together as written. Signs are left out, so that
    no expression is ever malformed.
    """
    return " AND ".join(_parts(terms, index, unfinished=unfinished))


def expressions(terms: str, index: Index, *, unfinished: bool = False) -> Iterator[tuple[str, str]]:
    """Expressions, strictest first, each with how it was relaxed: not, ``instead``, ``near`` or ``some``.

    A word that the index lacks gives way to words like it.
    """
    database = index.database
    parts = _parts(terms, database, unfinished=unfinished)
    if not parts:
        return
    joined = together(terms, index)
    yield " AND ".join(parts if joined == terms else _parts(joined, database, unfinished=unfinished)), ""
    instead = replaced(terms, index)
    if instead != terms:
        yield " AND ".join(_parts(instead, database, unfinished=unfinished)), "instead"
    near = _known_or_near(parts, database)
    if all(near) and near != parts:
        yield " AND ".join(near), "near"
    if any(near) and len(near) > 1:
        yield " OR ".join(filter(None, near)), "some"


def replaced(terms: str, index: Index) -> str:
    """The terms with the names of themes, groups and treaties instead of other words for the same."""
    return _written(terms, index, lambda _, instead: instead)


def together(terms: str, index: Index) -> str:
    """The terms with other words for a theme, a group or a treaty in quotes where there are several: “people smuggling”
    is one idea, not people somewhere and smuggling elsewhere."""
    return terms if '"' in terms else _written(terms, index, lambda words, _: f'"{words}"' if " " in words else words)


def _written(terms: str, index: Index, write: Callable[[str, str], str]) -> str:
    """The terms with all words that have others instead written anew."""
    pattern, known = _instead(index)
    lowered = " ".join(normalized(terms).split())
    written = pattern.sub(lambda match: write(match[0], known[match[0]]), lowered)
    return written if written != lowered else terms


@kept_with
def _instead(index: Index) -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds words that have others instead, the longest first, and those others."""
    rows = index.database.execute("SELECT * FROM instead")
    known = {normalized(words): normalized(instead) for words, instead in rows}
    longest = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.compile(rf"\b(?:{longest})\b" if known else r"(?!)"), known


def _parts(terms: str, index: sqlite3.Connection, *, unfinished: bool) -> list[str]:
    parts = []
    for phrase, word in list(dict.fromkeys(_PHRASE_OR_WORD.findall(terms)))[:MOST]:
        words = [normalized(each) for each in WORD.findall(phrase)]
        if words:
            parts.append(f'"{" ".join(words)}"')
        elif word:
            short = normalized(word)
            parts.append(_family(SHORT_FORMS.get(short, short), index))
    if parts and unfinished and not terms.rstrip().endswith('"'):
        begun = normalized(WORD.findall(terms)[-1])
        parts[-1] = f'({parts[-1]} OR "{begun}"*)'
    return parts


def _family(word: str, index: sqlite3.Connection) -> str:
    return _members(family(word), index) or f'"{word}"*'


def _members(name: str, index: sqlite3.Connection) -> str:
    words = [f'"{word}"' for (word,) in index.execute("SELECT word FROM word WHERE family = ?", (name,))]
    return words[0] if len(words) == 1 else f"({' OR '.join(words)})" if words else ""


def _known_or_near(parts: list[str], index: sqlite3.Connection) -> list[str]:
    """Each part itself where something has it; else words like it; nothing where no word is like it."""
    known, tried = [], 0
    for part in parts:
        if index.execute("SELECT 1 FROM fts WHERE fts MATCH ? LIMIT 1", (part,)).fetchone():
            known.append(part)
        else:
            known.append(_near(part.strip('("').partition('"')[0], index) if tried < TRIED else "")
            tried += 1
    return known


def _near(word: str, index: sqlite3.Connection) -> str:
    bounds = (word[0], word[0] + "\uffff", max(len(word) - 4, 2), len(word) + 2, COMPARED)
    like = get_close_matches(word, [other for (other,) in index.execute(_BESIDE, bounds)], NEAR, LIKENESS)
    families = dict.fromkeys(family(other) for other in like)
    return f"({' OR '.join(_members(name, index) for name in families)})" if families else ""


_BEHIND = r"(?:\s?(?:bis|ter|quater|quinquies|sexies|septies|octies|novies|decies)\b|(?-i:[A-Z])(?!\w))?"
_PLACE = rf"(\d{{1,4}}{_BEHIND})(?:\s*\(\s*(\d{{1,3}})\s*\))?(?:\s*\(\s*([a-z])\s*\))?"
_JOINED = r"\s*(?:[-–&]|,|,?\s*\band\b|\bto\b)\s*"
PARAGRAPH = re.compile(
    rf"^(?:recommendations?|recs?|paragraphs?|paras?|¶{{1,2}}|§{{1,2}})\.?\s*"
    rf"(?P<numbers>\d{{1,4}}(?:{_JOINED}\d{{1,4}})*)\s*(?:\(\s*(?P<item>[a-z])\s*\))?$",
    re.IGNORECASE,
)
CHAPTER = re.compile(
    r"^(?P<before>.*?)\bch(?:ap(?:ter)?)?\.?\s*(?P<number>\d{1,2}|[IVX]+)\b(?P<behind>\D*)$", re.IGNORECASE
)
_ROMAN = {"I": 1, "V": 5, "X": 10}
ARTICLE = re.compile(
    rf"^(?P<before>.*?)\b(?:articles?|arts?\.?)?\s*{_PLACE}"
    r"(?:\s*,?\s*(?:paragraphs?|paras?)\.?\s*(?P<paragraph>\d{1,3}))?(?P<behind>\D*)$",
    re.IGNORECASE,
)
SYMBOL = re.compile(r"^[A-Z][A-Z0-9.]*(?:/[A-Z0-9.\-]+)+$", re.IGNORECASE)
_FILLING = re.compile(r"\b(?:of|the|to|in|under|article|articles|arts?|un|united|nations)\b|[.,]", re.IGNORECASE)
DOCUMENTS, ROW = 5, 20
"""In how many documents a paragraph is looked for, and for how many of a row."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A thing that a citation may name. It is ``sure`` where the words leave no other and it is there as cited: not the
    article of a paragraph that is not there, nor one of several treaties that the words fit."""

    iri: str
    label: str
    title: str
    sure: bool


def named(terms: str, exchange: Exchange) -> list[Link]:
    """The things that a citation names, as links; nothing for words that are none."""
    found = cited(terms, exchange)
    return [Link(exchange.urls.of(to.iri), to.label, to.title or of_several(to.iri, exchange)) for to in found]


def cited(terms: str, exchange: Exchange, *, everywhere: bool = False) -> list[Cited]:
    """The things that a citation names; ``everywhere`` also in treaties of which little is here, where others fit."""
    terms = " ".join(terms.split())
    if SYMBOL.match(terms):
        rows = exchange.store.select("documents-by-symbol", symbol=Literal(terms.upper()))
        return [Cited(node(row, "document").value, text(row, "label"), "", sure=False) for row in rows]
    paragraph = PARAGRAPH.match(terms)
    base = exchange.snapshot.base.iri
    if paragraph:
        slugs, numbers = list(exchange.snapshot.index.values("document"))[:DOCUMENTS], _numbers(paragraph["numbers"])
        below = f"/item/{paragraph['item'].lower()}" if paragraph["item"] else ""
        iris = [f"{base}id/document/{slug}/paragraph/{number}" for slug in slugs for number in numbers]
        sure = exchange.snapshot.index.documents == 1 and len(numbers) == 1
        items = [to for iri in iris[:1] if below for to in _labelled(f"{iri}{below}", exchange)]
        return [*items, *_known(iris, exchange, sure=sure and not below)]
    if chapter := CHAPTER.match(terms):
        of = _kernel(f"{chapter['before']} {chapter['behind']}")
        number = int(chapter["number"]) if chapter["number"].isdigit() else _roman(chapter["number"].upper())
        fitting = [treaty for treaty in _treaties(exchange) if treaty.fits(of)]
        return list(_known((f"{treaty.iri}/chapter/{number}" for treaty in fitting), exchange, sure=len(fitting) == 1))
    article = ARTICLE.match(terms)
    if not article or (article[0].isdigit() and not re.search(r"\D", terms)):
        return []
    of = _kernel(f"{article['before']} {article['behind']}")
    fitting = [treaty for treaty in _treaties(exchange) if treaty.fits(of)]
    ours = [treaty for treaty in fitting if treaty.articles]
    treaties = [treaty.iri for treaty in (ours if ours and not everywhere else fitting)]
    if not re.search(r"\bart", terms, re.IGNORECASE) and not of and not article[3]:
        return []
    printed = re.sub(r"\s", "", article[2]).lower()
    step = str(int(printed)) if printed.isdigit() else printed
    inner, sure = article[3] or article["paragraph"], len(fitting) == 1
    below = f"/paragraph/{int(inner)}" if inner else ""
    letter = f"/letter/{article[4].lower()}" if article[4] else ""
    articles = [f"{treaty}/article/{step}" for treaty in treaties]
    places = [(f"{below}{letter}", sure)] if below or letter else []
    places += [(below, False)] if below and letter else []
    for place, certain in places:
        exact = [to for iri in articles for to in _provision(f"{iri}{place}", iri, exchange, sure=certain)]
        if exact:
            others = (iri for iri in articles if not any(to.iri.startswith(f"{iri}/") for to in exact))
            return [*exact, *(_known(others, exchange, sure=False) if everywhere else ())]
    return list(_known(articles, exchange, sure=sure and not inner and not article[4]))


def _numbers(words: str) -> list[int]:
    """The numbers that stand apart or from one to the other: ``34-36, 40``; of a long row the first."""
    found: list[int] = []
    for joined, number in re.findall(rf"({_JOINED})?(\d+)", words):
        first = found[-1] + 1 if found and joined.strip() in ("-", "–", "to") else int(number)
        found += range(first, min(int(number), first + ROW) + 1)
    return list(dict.fromkeys(found))[:ROW]


def _roman(digits: str) -> int:
    values = [_ROMAN[digit] for digit in digits]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _labelled(iri: str, exchange: Exchange) -> list[Cited]:
    """A thing by its label, if there is one."""
    rows = exchange.store.select("labels", resource=(NamedNode(iri),))
    return [Cited(iri, text(row, "label"), "", sure=True) for row in rows[:1]]


def _provision(iri: str, article: str, exchange: Exchange, *, sure: bool) -> list[Cited]:
    """A part of an article, if there is one of that name."""
    rows = exchange.store.select("provision", provision=NamedNode(iri))
    return [Cited(iri, text(row, "label"), _titles(exchange).get(article, ""), sure) for row in rows[:1]]


def _titles(exchange: Exchange) -> dict[str, str]:
    treaties = page_index.treaties(exchange.snapshot.index).values()
    return {article.iri: article.title for articles in treaties for article in articles}


def _known(iris: Iterable[str], exchange: Exchange, *, sure: bool) -> Iterator[Cited]:
    titles = _titles(exchange)
    for iri in iris:
        label = exchange.snapshot.index.known(iri)
        if label is not None:
            yield Cited(iri, label, titles.get(iri, ""), sure)


@dataclass(frozen=True, slots=True)
class _Treaty:
    """A treaty by its names in small letters. ``words`` may stand for it in any selection; ``articles`` are those that
    are listed here, ``used`` how many of them this corpus cites or is related to."""

    iri: str
    names: frozenset[str]
    words: frozenset[str]
    articles: int
    used: int

    def fits(self, of: str) -> bool:
        """Whether the words beside an article's number name it: ``protocol``, ``smuggling protocol``, ``UNTOC``."""
        return of in self.names or self.words.issuperset(re.findall(r"\w+", of))


def _treaties(exchange: Exchange) -> list[_Treaty]:
    """The treaties here, the most used for its length first."""
    index = exchange.snapshot.index
    of, used = page_index.treaties(index), {*index.values("article cited"), *index.values("article related")}
    treaties = []
    for row in exchange.store.select("names-of-class", **{"class": exchange.snapshot.names.pal("Instrument")}):
        iri, label = node(row, "thing").value, text(row, "label")
        articles = [article.iri.partition("/id/instrument/")[2] in used for article in of.get(iri, ())]
        names = frozenset(map(_kernel, text(row, "names").split("\n")))
        words = re.findall(r"\w+", f"{label} {iri.rpartition('/')[2].replace('-', ' ')}".casefold())
        treaties.append(_Treaty(iri, names, frozenset((*words, *_initials(label))), len(articles), sum(articles)))
    return sorted(treaties, key=lambda treaty: (treaty.articles < 2, -treaty.used / max(treaty.articles, 1)))


def _kernel(words: str) -> str:
    """The words that tell a treaty from others, in small letters."""
    return " ".join(_FILLING.sub(" ", words).split()).casefold()


def _initials(label: str) -> Iterator[str]:
    """How a treaty is abbreviated by its first letters: ``SMP`` and ``SOM`` for the Smuggling of Migrants Protocol."""
    words = label.split()
    yield "".join(word[0] for word in words if word[0].isupper()).casefold()
    yield "".join(word[0] for word in words[:-1]).casefold()
