"""The gate: whether a query text may run, and what kind of query it is.

It reads tokens, so that a word in a string, an IRI, a comment or a prefixed name (``ex:SERVICE``) is no keyword and
``?o.SERVICE<…>`` is one. It does not check the grammar: that is the engine's, in a process that may die of it. What it
lets through reaches no other server, changes nothing and nests no deeper than the engine bears.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from queries.grammar import read_if_query
from queries.prologue import Graphs, Prologue, read_prologue
from queries.scanner import ScanError, Token, TooDeep, place, resolve_codepoints, scan, template
from server.sparql.detours import SIGNS, constant_patterns, detour, ends_without_step
from server.sparql.outcomes import READ_ONLY, Limits, QueryMalformed, QueryRefused, QueryTooComplex, QueryTooLong

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "MODIFY"})
LATER = frozenset(
    {"LATERAL", "VERSION", "TRIPLE", "SUBJECT", "PREDICATE", "OBJECT", "ISTRIPLE", "LANGDIR", "STRLANGDIR", "HASLANG"}
    | {"HASLANGDIR", "ADJUST"}
)
LATER_SYMBOLS = frozenset({"<<", "{|", "|}", "~"})
VOLATILE = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
OPERATORS = frozenset({"+", "-", "*", "/", "|", "||", "&&", "!", "^", "--"})
_DEPENDING = frozenset({"GRAPH", "REGEX", "REPLACE"})
"""Words of which the detour depends on the data set, or on what is in a string."""
_REMEMBERED, _MOST_KNOWN = 2_000, 500  # characters of a text, and texts
_AWAY = "SERVICE asks another server, and this endpoint asks none: it answers from its own data only."


_S = r"[ \t\r\n]"
_IRI = r"<[!#-;=?-\[\]_a-z~]*>"
PREFIX = rf"{_S}*PREFIX{_S}+((?!FROM:|NAMED:)[A-Za-z][\w-]*|):{_S}*({_IRI})"
COLUMN = rf"{_S}*\({_S}*(0|[1-9][0-9]{{0,17}}|'[^'\\\r\n]*'|\"[^\"\\\r\n]*\"){_S}+AS{_S}+\?(\w+){_S}*\)|{_S}+\?(\w+)"
_NODE = rf"{_IRI}|[A-Za-z][\w-]*:\w[\w-]*"
_LOOK_UP = re.compile(
    rf"(?P<prologue>(?:{PREFIX})*){_S}*SELECT(?P<columns>{_S}*\*|(?:{COLUMN})+){_S}*(?:WHERE{_S}*)?\{{"
    rf"{_S}*(?P<subject>{_NODE}){_S}+(?P<predicate>(?-i:a)|{_NODE}|\?(?P<property>\w+))"
    rf"{_S}+(?P<object>{_NODE}|(?(property)(?!\?(?P=property)\b))\?\w+){_S}*\.?{_S}*\}}{_S}*",
    re.IGNORECASE | re.ASCII,
)


class LookUp(NamedTuple):
    """A query that asks for the values of one property of a thing, or for all its properties, in pieces of its text.
    There is one way to read it, whatever its IRIs are."""

    prologue: str
    columns: str
    subject: str
    predicate: str
    object: str


def look_up_in(text: str) -> LookUp | None:
    """The look-up that a text is, if it is one: no two variables of one name, no comment and no escape."""
    match = _LOOK_UP.fullmatch(text)
    return LookUp(*match.group(*LookUp._fields)) if match else None


@dataclass(slots=True)
class CheckedQuery:
    """A query that may run.

    ``text`` has its codepoint escapes resolved; ``detour`` is what our own engine has to be asked for the same
    solutions, and ``patterns`` are the constant regular expressions to try before. ``volatile`` is true when the same
    query can have another result each time. ``graphs`` are those of its data set, by the request or else by the text
    (FROM), or None where neither names any. ``quick`` is a form that is right, and quicker, where all terms of
    ``needed`` are in the data. ``plain`` is true when nothing of this depends on the IRIs, strings and numbers in the
    text, nor on the data set. A ``look_up`` may be answered in the server process (`server.sparql.lookups`).
    """

    text: str
    form: str
    volatile: bool
    graphs: Graphs | None = None
    detour: str = ""
    patterns: tuple[str, ...] = ()
    quick: str = ""
    needed: tuple[str, ...] = ()
    plain: bool = False
    look_up: LookUp | None = field(default=None, compare=False)


def check_query(
    text: str, limits: Limits, base: str, graphs: Collection[str], chosen: Graphs | None = None
) -> CheckedQuery:
    """What a query text is, against a base IRI and the IRIs of the published graphs. ``chosen`` are the graphs that the
    request names, which come before those of the text (SPARQL 1.1 Protocol §2.1.4).

    Raises `QueryTooLong` (413), `QueryMalformed` (400) for what is no SPARQL 1.1 query by its tokens, `QueryTooComplex`
    (400), `QueryFailed` (400) for what the engine would answer wrongly, and `QueryRefused` (403) for SERVICE and for
    graphs from elsewhere.
    """
    size = len(text.encode("utf-8"))
    if size > limits.text:
        raise QueryTooLong(size, limits.text)
    try:
        text = resolve_codepoints(text)
        tokens = list(scan(text, limits.nesting))
    except TooDeep as problem:
        raise QueryTooComplex(problem.reason, place(text, problem.offset)) from None
    except ScanError as problem:
        raise QueryMalformed(problem.reason, place(text, problem.offset)) from None
    form = _form(text, tokens)
    words = _check_tokens(text, tokens, limits, form)
    own = any(word.endswith("FROM") for word in words)
    query = None if words.isdisjoint(SIGNS) and "REGEX" not in words else read_if_query(text, tokens)
    ends = [] if query is None or own or "GRAPH" in words or chosen else ends_without_step(query)
    prologue = read_prologue(tokens, base) if own or ends or "GRAPH" in words else Prologue(base, {}, None)
    for graph in chain(*prologue.graphs or ()):
        check_graph(graph, graphs)
    chosen = chosen or prologue.graphs
    named = chosen[1] if chosen else graphs
    needed = [prologue.iri(token) for token in ends if token[0] in ("iri", "name")]
    quick = bool(needed) and len(needed) == len(ends)
    asked = text if query is None else detour(query, named, prologue.iri)
    return CheckedQuery(
        text,
        form,
        not VOLATILE.isdisjoint(words),
        chosen,
        asked,
        () if query is None else tuple(dict.fromkeys(constant_patterns(query))),
        detour(query, named, prologue.iri, empty=False) if query is not None and quick else "",
        tuple(dict.fromkeys(needed)) if quick else (),
        asked == text and not own and not ends and words.isdisjoint(_DEPENDING),
    )


class Gate:
    """`check_query` for one set of limits, which remembers plain texts but for their IRIs, strings and numbers: clients
    ask the same with other values."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[str, tuple[str, bool]] = {}

    def check(self, text: str, base: str, graphs: Collection[str], chosen: Graphs | None = None) -> CheckedQuery:
        """What a query text is. Raises as `check_query`."""
        short = len(text) < min(_REMEMBERED, self._limits.text)
        if short and (look_up := look_up_in(text)):
            return CheckedQuery(text, "SELECT", False, chosen, detour=text, plain=True, look_up=look_up)
        like = template(text) if short else None
        known = self._known.get(like) if like is not None else None
        if known is not None:
            form, volatile = known
            return CheckedQuery(text, form, volatile, chosen, detour=text, plain=True)
        checked = check_query(text, self._limits, base, graphs, chosen)
        if like is not None and checked.plain:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[like] = checked.form, checked.volatile
        return checked


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
            raise QueryMalformed(f"{READ_ONLY} An update is not a query", place(text, offset))
        else:
            for form in FORMS:
                if kind == "word" and word.startswith(form):
                    return form
            raise QueryMalformed(
                f"A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE after its prefixes, not with '{token[:40]}'",
                place(text, offset),
            )
    raise QueryMalformed("There is no query in this text")


def _check_tokens(text: str, tokens: list[Token], limits: Limits, form: str) -> set[str]:
    """The bare words of the query, in capitals, and its signs; ``p*`` is a star after a property."""
    words: set[str] = set()
    operators = 0
    data = 0  # inside the values of VALUES: the number of brackets around them
    for index, (kind, token, offset, depth) in enumerate(tokens):
        if kind == "symbol":
            words.add(token)
            if token == "*" and (tokens[index - 1][0] in ("iri", "name") or tokens[index - 1][1] in (")", "a")):
                words.add("p*")
            if token == "{" and _opens_data(tokens, index):
                data = depth
            elif depth < data:
                data = 0
            if token in OPERATORS:
                operators += not (token in "+-" and _is_sign(tokens, index, data))
                if operators > limits.operators:
                    reason = f"The query has more than {limits.operators:,} operators, the most that are run"
                    raise QueryTooComplex(reason, place(text, offset))
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
        elif kind == "name":
            prefix = token.partition(":")[0].upper()
            if "SERVICE" in prefix and index + 1 < len(tokens) and tokens[index + 1][1] == "{":
                raise QueryRefused(f"{_AWAY} (If '{token[:40]}' is meant as a name, put a '.' after it.)")
            if prefix in ("FROM", "NAMED") and not depth and form != "DESCRIBE":
                # The engine reads two tokens where the grammar has one name.
                raise QueryMalformed("A space is missing before the ':'", place(text, offset))
    return words


def _opens_data(tokens: list[Token], index: int) -> bool:
    """Whether a bracket opens the values of a VALUES, behind one variable or several in brackets."""
    before = index - 1
    while before > 0 and (tokens[before][0] == "variable" or tokens[before][1] in "()"):
        before -= 1
    return tokens[before][1].upper() == "VALUES"


def _is_sign(tokens: list[Token], index: int, data: int) -> bool:
    """Whether a plus or minus belongs to a number: right before it, and behind nothing to add to or take from."""
    _, _, offset, _ = tokens[index]
    if index + 1 >= len(tokens) or tokens[index + 1][0] != "number" or tokens[index + 1][2] != offset + 1:
        return False
    kind, before = tokens[index - 1][:2]
    return bool(data) or kind in ("name", "iri", "word") or (kind == "symbol" and before not in ")}")


def _later(text: str, sign: str, offset: int) -> QueryMalformed:
    return QueryMalformed(f"{sign} is not part of SPARQL 1.1, the language of this endpoint", place(text, offset))


def check_graph(graph: str, graphs: Collection[str]) -> None:
    """Raises `QueryRefused` when the graph is not one of the published ones."""
    if graph not in graphs:
        raise QueryRefused(
            f"There is no graph <{graph[:200]}> here, and none is fetched from elsewhere. "
            f"The graphs of this endpoint are in its service description."
        )
