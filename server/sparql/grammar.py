"""The grammar of SPARQL 1.1 Query (§19.8), read for one purpose: to find the first token that does not fit.

The engine has the last word on what is a query, but says only roughly where one goes wrong. When it has refused a text
this reader walks it again and says where and why in words. It knows the shape of a query and not its rules about
variables (`explain` looks at those), so it may find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from queries.scanner import ScanError, Token, place, scan
from server.sparql.expressions import ExpressionReader, Fault, Property, Span
from server.sparql.grouping import ungrouped
from server.sparql.outcomes import QueryMalformed

_QUERIES = "SELECT, ASK, CONSTRUCT or DESCRIBE"
_PATTERNS = ("FILTER", "OPTIONAL", "MINUS", "GRAPH", "BIND", "VALUES")


def find_fault(tokens: Sequence[Token], end: int) -> Fault | None:
    """The first token that cannot stand where it does, with what was expected; ``end`` is the length of the text."""
    try:
        _QueryReader(tokens, end).query()
    except Fault as fault:
        return fault
    return None


def find_statements(tokens: Sequence[Token], end: int) -> list[tuple[Span, list[Property]]]:
    """Where subject, paths and objects of each statement of the patterns stand. What is nested in a subject or object
    is no statement of its own. Raises `Fault` for what is no query."""
    reader = _QueryReader(tokens, end)
    reader.query()
    return reader.statements


class _QueryReader(ExpressionReader):
    """One method a rule of the grammar; each reads its rule or raises `Fault`. ``statements`` are those it read."""

    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        super().__init__(tokens, end)
        self.statements: list[tuple[Span, list[Property]]] = []

    def query(self) -> None:
        self._prologue()
        forms: dict[str, Callable[[], None]] = {
            "SELECT": self._select,
            "CONSTRUCT": self._construct,
            "DESCRIBE": self._describe,
            "ASK": self._ask,
        }
        for form, read in forms.items():
            if self.take_word(form):
                read()
                break
        else:
            self.fail(f"Here {_QUERIES} is expected")
        self._values_clause()
        if self.kind:
            self.fail(f"The query ends before '{self.shown}': nothing can follow here")

    def _prologue(self) -> None:
        while self.is_word("BASE", "PREFIX"):
            if self.take_word("PREFIX"):
                if self.kind != "name" or not self.text.endswith(":"):
                    self.fail("After PREFIX a name with a colon at its end is expected, such as rdfs:")
                self.advance()
            else:
                self.advance()
            if self.kind != "iri":
                self.fail("Here an IRI in angle brackets is expected")
            self.advance()

    def _select(self) -> None:
        self._select_clause()
        self._dataset()
        self._where()
        self._modifiers()

    def _select_clause(self) -> None:
        self.take_word("DISTINCT", "REDUCED")
        if self.take("*"):
            return
        count = 0
        while True:
            if self.kind == "variable":
                self.advance()
            elif self.take("("):
                self.expression()
                self.need_word("AS", "After the expression 'AS ?name' is expected")
                self.variable()
                self.need(")", "Here ')' is expected after the name")
            elif self.text == ",":
                self.fail("Variables in SELECT stand side by side, without commas")
            elif count == 0:
                self.fail("After SELECT variables, expressions in brackets or * are expected")
            elif self.kind == "word" and not self.is_word("WHERE", "FROM"):
                self.fail(
                    f"'{self.shown}' cannot stand in SELECT: a variable begins with ?, an expression is in brackets"
                )
            else:
                return
            count += 1

    def _construct(self) -> None:
        if self.is_word("FROM", "WHERE"):
            self._dataset()
            self.need_word("WHERE", "Here WHERE is expected")
            self._braces(self._template)
        else:
            self._braces(self._template)
            self._dataset()
            self._where()
        self._modifiers()

    def _describe(self) -> None:
        if not self.take("*"):
            if self.kind not in ("variable", "iri", "name"):
                self.fail("After DESCRIBE variables, IRIs or * are expected")
            while self.kind in ("variable", "iri", "name"):
                self.advance()
        self._dataset()
        if self.is_word("WHERE") or self.text == "{":
            self._where()
        self._modifiers()

    def _ask(self) -> None:
        self._dataset()
        self._where()
        self._modifiers()

    def _dataset(self) -> None:
        while self.take_word("FROM"):
            self.take_word("NAMED")
            self.iri()

    def _where(self) -> None:
        self.take_word("WHERE")
        self.group()

    def _modifiers(self) -> None:
        if self.take_word("GROUP"):
            self.need_word("BY", "After GROUP comes BY")
            self._conditions("GROUP BY", named=True)
        if self.take_word("HAVING"):
            self._conditions("HAVING", named=False)
        if self.take_word("ORDER"):
            self.need_word("BY", "After ORDER comes BY")
            self._conditions("ORDER BY", named=False)
        while self.is_word("LIMIT", "OFFSET"):
            word = self.text.upper()
            self.advance()
            if self.kind != "number" or not self.text.isdigit():
                self.fail(f"After {word} a whole number is expected")
            self.advance()

    def _conditions(self, clause: str, *, named: bool) -> None:
        count = 0
        while True:
            if self.kind == "variable":
                self.advance()
            elif self.take_word("ASC", "DESC"):
                if self.text != "(":
                    self.fail("After ASC and DESC an expression in brackets is expected, such as DESC(?name)")
                self.bracketed()
            elif self.text == "(":
                self.advance()
                self.expression()
                if named and self.take_word("AS"):
                    self.variable()
                self.need(")", "Here ')' is expected")
            elif self.kind in ("iri", "name") or self.is_function():
                self.primary()
            elif count == 0:
                self.fail(f"After {clause} a variable or an expression in brackets is expected")
            else:
                return
            count += 1

    def _values_clause(self) -> None:
        if self.take_word("VALUES"):
            self._data()

    def group(self) -> None:
        """A group graph pattern, or a subquery in braces."""
        self._braces(self._group_content)

    def _braces(self, content: Callable[[], None]) -> None:
        self.need("{", "Here '{' is expected")
        content()
        self.need("}", "Here '}' or another statement is expected")

    def _group_content(self) -> None:
        if self.take_word("SELECT"):
            self._select()
            self._values_clause()
            return
        while self.text != "}" and self.kind:
            if self._pattern():
                self.take(".")
            else:
                self._triples()
                if not self.take(".") and self._starts_triples():
                    self.fail(f"A '.' is missing before '{self.shown}', or a ';' if it says more of the same subject")

    def _pattern(self) -> bool:
        if self.text == "{":
            self.group()
            while self.take_word("UNION"):
                self.group()
        elif self.take_word("FILTER"):
            self._constraint()
        elif self.take_word("OPTIONAL", "MINUS"):
            self.group()
        elif self.take_word("GRAPH"):
            if self.kind not in ("variable", "iri", "name"):
                self.fail("After GRAPH a variable or an IRI is expected")
            self.advance()
            self.group()
        elif self.take_word("BIND"):
            self.need("(", "After BIND '(' is expected")
            self.expression()
            self.need_word("AS", "In BIND 'AS ?name' is expected after the expression")
            self.variable()
            self.need(")", "Here ')' is expected after the name")
        elif self.take_word("VALUES"):
            self._data()
        else:
            return False
        return True

    def _constraint(self) -> None:
        if self.text == "(":
            self.bracketed()
        elif self.kind in ("iri", "name") or self.is_function():
            self.primary()
        else:
            self.fail("After FILTER an expression in brackets or a function is expected")

    def _data(self) -> None:
        if self.kind == "variable":
            self.advance()
            self._braces(self._data_column)
            return
        self.need("(", "After VALUES a variable, or several in brackets, are expected")
        columns = 0
        while self.kind == "variable":
            self.advance()
            columns += 1
        self.need(")", "Here a variable or ')' is expected")
        self._braces(lambda: self._data_rows(columns))

    def _data_column(self) -> None:
        self._data_values("}")

    def _data_rows(self, columns: int) -> None:
        while self.text == "(":
            row = self.position
            self.advance()
            count = self._data_values(")")
            if count != columns:
                self.fail(f"This row has {count} of {columns} values", row)
            self.need(")", "Here a value or ')' is expected")

    def _data_values(self, end: str) -> int:
        count = 0
        while self.text != end:
            if not self.take_word("UNDEF"):
                self.constant("In VALUES an IRI, a string, a number or UNDEF is expected")
            count += 1
        return count

    def _template(self) -> None:
        while self.text != "}" and self.kind:
            self._triples()
            if not self.take(".") and self._starts_triples():
                self.fail(f"A '.' is missing before '{self.shown}'")

    def _starts_triples(self) -> bool:
        return self.kind in ("variable", "iri", "name", "blank", "string", "number") or self.text in ("[", "(")

    def _triples(self) -> None:
        if self.kind == "word" and not self.is_word("TRUE", "FALSE"):
            hint = f": it is written {self.text.upper()}" if self.is_word(*_PATTERNS) else ""
            self.fail(f"'{self.shown}' is not known here{hint}; a variable begins with ?, an IRI stands in <>")
        nested = self.text in ("[", "(")
        start = self.position
        self.node("Here a subject is expected: a variable, an IRI or a prefixed name")
        subject = Span(start, self.position)
        if nested and (self.text in (".", "}") or self.is_word(*_PATTERNS)):
            return
        self.statements.append((subject, self.properties()))


_DEEP = 1_000_000
_OTHER_FORMS = ("ASK", "CONSTRUCT", "DESCRIBE")
_CAUSES = (
    ("Duplicated variable name", "SELECT gives two columns the same name"),
    ("overrides an existing variable", "SELECT gives an expression a name that a variable of the pattern has already"),
    ("not authorized with GROUP BY", "SELECT * cannot stand with GROUP BY or an aggregate: name the columns"),
)


def explain(text: str, message: str) -> QueryMalformed:
    """The error for a text that the engine refused with a message."""
    try:
        tokens = list(scan(text, _DEEP))
    except ScanError as problem:
        return QueryMalformed(problem.reason, *place(text, problem.offset))
    broken = _broken_iri(text, tokens)
    if broken is not None:
        reason = "The IRI that begins here holds a space or another sign that no IRI has"
        return QueryMalformed(reason, *place(text, broken))
    undeclared = _undeclared_prefix(tokens)
    if undeclared is not None:
        prefix, offset = undeclared
        reason = f"The prefix '{prefix}' is not declared: write PREFIX {prefix} <…> at the beginning"
        return QueryMalformed(reason, *place(text, offset))
    fault = find_fault(tokens, len(text.rstrip()))
    if fault is not None:
        return QueryMalformed(fault.reason, *place(text, fault.offset))
    if (wrong := ungrouped(tokens)) is not None:
        return QueryMalformed(wrong[0], *place(text, wrong[1]))
    form = next((word for kind, word, _, _ in tokens if kind == "word" and word.upper() in _OTHER_FORMS), "").upper()
    tail = next((token for token in tokens if form and token[3] == 0 and token[1].upper() in ("GROUP", "HAVING")), None)
    if tail is not None:
        reason = f"The engine of this endpoint groups only what SELECT asks: put it in a subquery of {form}"
        return QueryMalformed(reason, *place(text, tail[2]))
    for sign, reason in _CAUSES:
        if sign in message:
            return QueryMalformed(reason, *place(text, _first_word(tokens, "SELECT")))
    again = _bound_again(tokens)
    if again is not None:
        name, offset = again
        return QueryMalformed(f"{name} has a value already; BIND needs a new name", *place(text, offset))
    if "IRI" in message:
        return QueryMalformed("An IRI in the query is not valid")
    return QueryMalformed(
        "A rule of SPARQL is broken that is not about its grammar: look for an aggregate outside SELECT, HAVING and "
        "ORDER BY, or a blank node label used in two groups"
    )


def _broken_iri(text: str, tokens: list[Token]) -> int | None:
    """The offset of a ``<`` that opens an IRI by the look of it: a scheme follows directly."""
    for this, following in pairwise(tokens):
        if this[1] == "<" and following[0] == "name" and following[2] == this[2] + 1:
            after = following[2] + len(following[1])
            if text[after : after + 2] == "//" or following[1].lower().startswith(("urn:", "mailto:")):
                return this[2]
    return None


def _undeclared_prefix(tokens: list[Token]) -> tuple[str, int] | None:
    declared: set[str] = set()
    declaring = False
    for kind, token, offset, _ in tokens:
        if kind == "name":
            prefix = token[: token.index(":") + 1]
            if declaring:
                declared.add(prefix)
            elif prefix not in declared:
                return prefix, offset
        declaring = kind == "word" and token.upper() == "PREFIX"
    return None


def _bound_again(tokens: list[Token]) -> tuple[str, int] | None:
    """A name that ``AS`` gives within a group, though it was used before."""
    seen: set[str] = set()
    before = ""
    for kind, token, offset, depth in tokens:
        if kind == "variable":
            if before == "AS" and token[1:] in seen and depth > 1:
                return token, offset
            seen.add(token[1:])
        before = token.upper()
    return None


def _first_word(tokens: list[Token], word: str) -> int:
    return next((offset for kind, token, offset, _ in tokens if kind == "word" and token.upper() == word), 0)
