"""The grammar of SPARQL 1.1 Query (§19.8): where the parts of a query stand, or the first token that does not fit.

The engine decides what is a query, but reports the place of an error only roughly, and no parts. This reader knows the
shape of a query and not its rules about variables (`explain` looks at those), so it may read what the engine refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from queries.expressions import ExpressionReader
from queries.parsed_query import AGGREGATES, Column, Level, ParsedQuery, Pattern, Span, Statement
from queries.scanner import ScanError, Token, scan

DEEP = 1_000
"""So deep brackets may nest in a query that was rewritten."""
_QUERIES = "SELECT, ASK, CONSTRUCT or DESCRIBE"
_PATTERNS = ("FILTER", "OPTIONAL", "MINUS", "GRAPH", "BIND", "VALUES")


def read_query(text: str, tokens: Sequence[Token] | None = None) -> ParsedQuery:
    """The parts of a query, whose tokens may be known already. Raises `ScanError` for the first token that
    cannot stand where it does, and as the scanner does."""
    query = ParsedQuery(text, list(scan(text, DEEP)) if tokens is None else tokens)
    try:
        _QueryReader(query).read()
    except RecursionError:
        raise ScanError("The query is nested too deeply to be read", 0) from None
    return query


def read_if_query(text: str, tokens: Sequence[Token] | None = None) -> ParsedQuery | None:
    """The same, or None for a text that is no query, which the engine will say."""
    try:
        return read_query(text, tokens)
    except ScanError:
        return None


class _QueryReader(ExpressionReader):
    """One method a rule of the grammar; each reads its rule and adds its parts to the query, or raises `ScanError`."""

    def __init__(self, query: ParsedQuery) -> None:
        super().__init__(query)
        self._opened: list[int] = []  # where the groups around a token open

    def read(self) -> None:
        """The whole query."""
        self._prologue()
        form = self.sign
        if not self.take("SELECT", "CONSTRUCT", "DESCRIBE", "ASK"):
            self.fail(f"Here {_QUERIES} is expected")
        self._level(form)
        self._values_clause()
        if self.kind:
            self.fail(f"The query ends before '{self.shown}': nothing can follow here")

    def _prologue(self) -> None:
        while self.sign in ("BASE", "PREFIX"):
            if self.take("PREFIX"):
                if self.kind != "name" or not self.text.endswith(":"):
                    self.fail("After PREFIX a name with a colon at its end is expected, such as rdfs:")
                self.advance()
            else:
                self.advance()
            if self.kind != "iri":
                self.fail("Here an IRI in angle brackets is expected")
            self.advance()

    def _level(self, form: str) -> None:
        """A query, or a subquery, after the word of its form."""
        columns: list[Column] = []
        start = self.position
        whole = form != "CONSTRUCT" or self.sign not in ("FROM", "WHERE")
        if form == "SELECT":
            columns = self._columns()
        elif form == "DESCRIBE":
            self._described()
        elif form == "CONSTRUCT" and whole:
            self._braces(self._template)
        level = Level(form, Span(start, self.position), columns)
        while self.take("FROM"):
            self.take("NAMED")
            self.iri()
        if not whole:
            self.need("WHERE", "Here WHERE is expected")
            self._braces(self._template)
        elif form != "DESCRIBE" or self.sign == "WHERE" or self.text == "{":
            self.take("WHERE")
            self.group()
        self._modifiers(level)
        self.query.levels.append(level)

    def _columns(self) -> list[Column]:
        """What SELECT names; the expressions among it."""
        columns: list[Column] = []
        self.take("DISTINCT", "REDUCED")
        if self.take("*"):
            return columns
        first = self.position
        while True:
            if self.kind == "variable":
                self.advance()
            elif self.take("("):
                start, calls = self.position, len(self.query.calls)
                self.expression()
                expression = Span(start, self.position)
                self.need("AS", "After the expression 'AS ?name' is expected")
                columns.append(Column(expression, self.text[1:], self._has_aggregate(calls)))
                self.variable()
                self.need(")", "Here ')' is expected after the name")
            elif self.text == ",":
                self.fail("Variables in SELECT stand side by side, without commas")
            elif self.position == first:
                self.fail("After SELECT variables, expressions in brackets or * are expected")
            elif self.kind == "word" and self.sign not in ("WHERE", "FROM"):
                self.fail(
                    f"'{self.shown}' cannot stand in SELECT: a variable begins with ?, an expression is in brackets"
                )
            else:
                return columns

    def _described(self) -> None:
        if not self.take("*"):
            if self.kind not in ("variable", "iri", "name"):
                self.fail("After DESCRIBE variables, IRIs or * are expected")
            while self.kind in ("variable", "iri", "name"):
                self.advance()

    def _has_aggregate(self, calls: int) -> bool:
        """Whether there was an aggregate after so many calls."""
        return any(call.name in AGGREGATES for call in self.query.calls[calls:])

    def _modifiers(self, level: Level) -> None:
        level.groups = self.sign == "GROUP" or any(column.is_aggregate for column in level.columns)
        begun = self.position
        if self.take("GROUP"):
            self.need("BY", "After GROUP comes BY")
            conditions = self._conditions("GROUP BY", named=True)
            level.group_by = Span(begun, self.position)
            for start, end in conditions:
                if end == start + 1:
                    level.keys.add(self._tokens[start][1][1:])
                elif self._tokens[end - 3][1].upper() == "AS":
                    level.keys.add(self._tokens[end - 2][1][1:])
        calls = len(self.query.calls)
        if self.take("HAVING"):
            level.having = self._conditions("HAVING", named=False)
        begun = self.position
        if self.take("ORDER"):
            self.need("BY", "After ORDER comes BY")
            level.order = self._conditions("ORDER BY", named=False)
            level.order_by = Span(begun, self.position)
        level.groups = level.groups or self._has_aggregate(calls)
        while self.sign in ("LIMIT", "OFFSET"):
            word = self.sign
            self.advance()
            if self.kind != "number" or not self.text.isdigit():
                self.fail(f"After {word} a whole number is expected")
            self.advance()

    def _conditions(self, clause: str, *, named: bool) -> list[Span]:
        conditions: list[Span] = []
        while True:
            start = self.position
            if self.kind == "variable":
                self.advance()
            elif self.take("ASC", "DESC"):
                if self.text != "(":
                    self.fail("After ASC and DESC an expression in brackets is expected, such as DESC(?name)")
                self.bracketed()
            elif self.text == "(":
                self.advance()
                self.expression()
                if named and self.take("AS"):
                    self.variable()
                self.need(")", "Here ')' is expected")
            elif self.kind in ("iri", "name") or self.is_function():
                self.primary()
            elif not conditions:
                self.fail(f"After {clause} a variable or an expression in brackets is expected")
            else:
                return conditions
            conditions.append(Span(start, self.position))

    def _values_clause(self) -> None:
        if self.take("VALUES"):
            self._data()

    def group(self) -> Span:
        """A group graph pattern, or a subquery in braces."""
        start = self.position
        self._opened.append(start)
        self._braces(self._group_content)
        self._opened.pop()
        return Span(start, self.position)

    def _braces(self, content: Callable[[], object]) -> None:
        self.need("{", "Here '{' is expected")
        content()
        self.need("}", "Here '}' or another statement is expected")

    def _group_content(self) -> None:
        if self.take("SELECT"):
            self._level("SELECT")
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
            while self.take("UNION"):
                self.group()
        elif self.take("FILTER"):
            self._constraint()
        elif self.take("OPTIONAL"):
            self.group()
        elif self.take("MINUS"):
            minus = Pattern(self.position - 1, self.group(), self._opened[-1])
            self.query.minuses_in_exists += [minus] if self.exists else []
        elif self.take("GRAPH"):
            start = self.position - 1
            if self.kind not in ("variable", "iri", "name"):
                self.fail("After GRAPH a variable or an IRI is expected")
            self.advance()
            self.query.graphs.append(Pattern(start, self.group(), self._opened[-1]))
        elif self.take("BIND"):
            self.need("(", "After BIND '(' is expected")
            self.expression()
            self.need("AS", "In BIND 'AS ?name' is expected after the expression")
            self.variable()
            self.need(")", "Here ')' is expected after the name")
        elif self.take("VALUES"):
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
            self._braces(lambda: self._data_values("}"))
            return
        self.need("(", "After VALUES a variable, or several in brackets, are expected")
        columns = 0
        while self.kind == "variable":
            self.advance()
            columns += 1
        self.need(")", "Here a variable or ')' is expected")
        self._braces(lambda: self._data_rows(columns))

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
            if not self.take("UNDEF"):
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
        if self.kind == "word" and self.sign not in ("TRUE", "FALSE"):
            hint = f": it is written {self.sign}" if self.sign in _PATTERNS else ""
            self.fail(f"'{self.shown}' is not known here{hint}; a variable begins with ?, an IRI stands in <>")
        nested = self.text in ("[", "(")
        start = self.position
        self.node("Here a subject is expected: a variable, an IRI or a prefixed name")
        subject = Span(start, self.position)
        if nested and (self.text in (".", "}") or self.sign in _PATTERNS):
            return
        self.query.statements.append(Statement(subject, self.properties()))
