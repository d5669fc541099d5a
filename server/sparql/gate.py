"""The gate: whether a query text may run, and what kind of query it is.

It reads tokens, so that a word in a string, an IRI, a comment or a prefixed name (``ex:SERVICE``) is no keyword and
``?o.SERVICE<…>`` is one. It does not check the grammar: that is the engine's, in a process that may die of it. What it
lets through reaches no other server, changes nothing and nests no deeper than the engine bears.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from queries.scanner import ScanError, Token, place, resolve_codepoints, scan
from server.sparql.limits import Limits
from server.sparql.outcomes import READ_ONLY, QueryMalformed, QueryRefused

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "MODIFY"})
LATER = frozenset(
    {"LATERAL", "VERSION", "TRIPLE", "SUBJECT", "PREDICATE", "OBJECT", "ISTRIPLE", "LANGDIR", "STRLANGDIR", "HASLANG"}
    | {"HASLANGDIR", "ADJUST"}
)
LATER_SYMBOLS = frozenset({"<<", "{|", "|}", "~"})
VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
OPERATORS = frozenset({"+", "-", "*", "/", "|", "||", "&&", "!", "^", "--"})
_AWAY = "SERVICE asks another server, and this endpoint asks none: it answers from its own data only."


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query that may run. ``text`` has its codepoint escapes resolved; ``volatile`` is true when the same query can
    have another result each time; ``dataset`` when it names its graphs itself (FROM)."""

    text: str
    form: str
    volatile: bool
    dataset: bool


def check_query(text: str, limits: Limits, base: str, graphs: Collection[str]) -> CheckedQuery:
    """The checked on a query text, against a base IRI and the IRIs of the published graphs.

    Raises `QueryMalformed` (400) for what is no SPARQL 1.1 query by its tokens or beyond the limits of size, nesting
    and operators, and `QueryRefused` (403) for SERVICE, updates and graphs from elsewhere.
    """
    size = len(text.encode("utf-8"))
    if size > limits.text:
        raise QueryMalformed(f"The query has {size:,} bytes, and one may have {limits.text:,}")
    try:
        text = resolve_codepoints(text)
        tokens = list(scan(text, limits.nesting))
    except ScanError as problem:
        raise QueryMalformed(problem.reason, *place(text, problem.offset)) from None
    form = _form(text, tokens)
    words = _check_tokens(text, tokens, limits)
    _check_from(text, tokens, form)
    if "FROM" in words:
        _check_graphs(tokens, base, graphs)
    return CheckedQuery(text, form, not VOLATILE.isdisjoint(words), "FROM" in words)


def _form(text: str, tokens: list[Token]) -> str:
    """The form of the query: its first word after the prologue."""
    prologue = 0
    for kind, token, offset, _ in tokens:
        word = token.upper()
        if kind == "word" and word in ("BASE", "PREFIX"):
            prologue = 2 if word == "PREFIX" else 1
        elif prologue and kind in ("name", "iri"):
            prologue -= 1
        elif word in UPDATES:
            raise QueryRefused(READ_ONLY)
        else:
            for form in FORMS:
                if kind == "word" and word.startswith(form):
                    return form
            raise QueryMalformed(
                f"A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE after its prefixes, not with '{token[:40]}'",
                *place(text, offset),
            )
    raise QueryMalformed("There is no query in this text")


def _check_tokens(text: str, tokens: list[Token], limits: Limits) -> set[str]:
    """The bare words of the query, in capitals."""
    words: set[str] = set()
    operators = 0
    for index, (kind, token, offset, _) in enumerate(tokens):
        if kind == "symbol":
            if token in OPERATORS:
                operators += 1
                if token == "--" and tokens[index - 1][0] == "language":
                    raise _later(text, "The direction of a language tag", offset)
            elif token in LATER_SYMBOLS:
                raise _later(text, f"'{token}'", offset)
        elif kind == "word":
            word = token.upper()
            if "SERVICE" in word:
                raise QueryRefused(_AWAY)
            if word in LATER or "LATERAL" in word:
                raise _later(text, token[:40], offset)
            words.add(word)
        elif kind == "name" and "SERVICE" in token.partition(":")[0].upper() and _opens_group(tokens, index + 1):
            raise QueryRefused(f"{_AWAY} (If '{token[:40]}' is meant as a name, put a '.' after it.)")
    if operators > limits.operators:
        raise QueryMalformed(f"The query has {operators:,} operators, and one may have {limits.operators:,}")
    return words


def _opens_group(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index][1] == "{"


def _later(text: str, sign: str, offset: int) -> QueryMalformed:
    return QueryMalformed(f"{sign} is not part of SPARQL 1.1, the language of this endpoint", *place(text, offset))


def _check_from(text: str, tokens: list[Token], form: str) -> None:
    """Refuses ``FROM:graph``: the engine reads two tokens where the grammar has one name."""
    for kind, token, offset, depth in tokens:
        if kind == "name" and not depth and form != "DESCRIBE" and token.upper().startswith(("FROM:", "NAMED:")):
            raise QueryMalformed("A space is missing before the ':'", *place(text, offset))


def _check_graphs(tokens: list[Token], base: str, graphs: Collection[str]) -> None:
    """Refuses a dataset clause that names a graph which is not published here (SPARQL 1.1 Query §13.2)."""
    prefixes: dict[str, str] = {}
    for index, (kind, token, _, depth) in enumerate(tokens[:-1]):
        if kind != "word" or depth:
            continue
        following = tokens[index + 1]
        word = token.upper()
        if word == "BASE":
            base = urljoin(base, following[1][1:-1])
        elif word == "PREFIX" and index + 2 < len(tokens):
            prefixes[following[1]] = urljoin(base, tokens[index + 2][1][1:-1])
        elif word.endswith("FROM"):
            if following[1].upper() == "NAMED" and index + 2 < len(tokens):
                following = tokens[index + 2]
            check_graph(_absolute(following, base, prefixes), graphs)


def _absolute(token: Token, base: str, prefixes: Mapping[str, str]) -> str:
    kind, text = token[:2]
    if kind == "name":
        prefix, _, local = text.partition(":")
        return prefixes.get(prefix + ":", "") + local
    return urljoin(base, text[1:-1])


def check_graph(graph: str, graphs: Collection[str]) -> None:
    """Raises `QueryRefused` when the graph is not one of the published ones."""
    if graph not in graphs:
        raise QueryRefused(
            f"There is no graph <{graph[:200]}> here, and none is fetched from elsewhere. "
            f"The graphs of this endpoint are in its service description."
        )
