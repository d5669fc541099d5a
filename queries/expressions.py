"""The lower half of the grammar: expressions, functions, paths and the nodes of triples (SPARQL 1.1 Query §19.8)."""

from __future__ import annotations

from abc import abstractmethod
from typing import NoReturn

from queries.parsed_query import AGGREGATES, Call, ParsedQuery, Path, Property, Span
from queries.scanner import ScanError

_SHOWN = 40
_ANY = 1_000
_ONE, _TWO, _THREE, _NONE = (1, 1), (2, 2), (3, 3), (0, 0)
FUNCTIONS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("STR", "LANG", "DATATYPE", "BOUND", "IRI", "URI", "ABS", "CEIL", "FLOOR", "ROUND"), _ONE),
    **dict.fromkeys(("STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI", "YEAR", "MONTH", "DAY", "HOURS"), _ONE),
    **dict.fromkeys(("MINUTES", "SECONDS", "TIMEZONE", "TZ", "MD5", "SHA1", "SHA256", "SHA384", "SHA512"), _ONE),
    **dict.fromkeys(("ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC"), _ONE),
    **dict.fromkeys(("LANGMATCHES", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER"), _TWO),
    **dict.fromkeys(("STRLANG", "STRDT", "SAMETERM"), _TWO),
    **dict.fromkeys(("RAND", "NOW", "UUID", "STRUUID"), _NONE),
    "BNODE": (0, 1),
    "IF": _THREE,
    "CONCAT": (0, _ANY),
    "COALESCE": (0, _ANY),
    "SUBSTR": (2, 3),
    "REGEX": (2, 3),
    "REPLACE": (3, 4),
}
_BINARY = ("||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/")
_PATH_START = "Here a property is expected: an IRI, a prefixed name, 'a' or a variable"
_OBJECT = "Here an object is expected: a variable, an IRI, a string or a number"


class TokenReader:
    """Reads the tokens of a query one by one. ``kind`` and ``text`` are those of the token that is next, ``sign`` is a
    bare word in capitals, or a symbol; all are empty at the end."""

    def __init__(self, query: ParsedQuery) -> None:
        self.query = query
        self._tokens = [*query.tokens, ("", "", len(query.text.rstrip()), 0)]
        self.position = -1
        self.advance()

    @property
    def shown(self) -> str:
        """The text of the token, cut for a sentence."""
        return self.text[:_SHOWN]

    def advance(self) -> None:
        """Goes to the next token."""
        self.position += 1
        self.kind, self.text, _, _ = self._tokens[self.position]
        self.sign = self.text.upper() if self.kind == "word" else self.text if self.kind == "symbol" else ""

    def take(self, *signs: str) -> bool:
        """Goes past one of these signs; whether it was there."""
        if self.sign in signs:
            self.advance()
            return True
        return False

    def need(self, sign: str, reason: str) -> None:
        """Goes past a sign. Raises `ScanError` when it is not there."""
        if not self.take(sign):
            self.fail(reason)

    def fail(self, reason: str, position: int | None = None) -> NoReturn:
        """Raises `ScanError` at the token, or at the one at a position."""
        _, _, offset, _ = self._tokens[self.position if position is None else position]
        if position is None:
            if not self.kind:
                reason += ", but the query ends"
            elif repr(self.shown) not in reason and f"'{self.shown}'" not in reason:
                reason += f", not {_called(self.kind, self.shown)}"
        raise ScanError(reason, offset)


def _called(kind: str, text: str) -> str:
    names = {"variable": "the variable ", "iri": "the IRI ", "string": "the text ", "number": "the number "}
    return f"{names[kind]}{text}" if kind in names else f"'{text}'"


class ExpressionReader(TokenReader):
    """Reads expressions and triples; `group` belongs to the upper half. ``exists`` is how many EXISTS are around."""

    exists = 0

    @abstractmethod
    def group(self) -> Span:
        """A group graph pattern."""

    def variable(self) -> None:
        """A variable."""
        if self.kind != "variable":
            self.fail("Here a variable is expected, such as ?name")
        self.advance()

    def iri(self) -> None:
        """An IRI or a prefixed name."""
        if self.kind not in ("iri", "name"):
            self.fail("Here an IRI or a prefixed name is expected")
        self.advance()

    def bracketed(self) -> None:
        """An expression in brackets."""
        self.need("(", "Here '(' is expected")
        self.expression()
        self.need(")", "Here an operator or ')' is expected")

    def expression(self) -> None:
        """An expression with any operators."""
        self._operand()
        while True:
            if self.text in _BINARY:
                self.advance()
                self._operand()
            elif self.sign in ("IN", "NOT"):
                if self.take("NOT") and self.sign != "IN":
                    self.fail("After NOT comes IN here")
                self.advance()
                self.arguments()
            else:
                return

    def _operand(self) -> None:
        while self.text in ("!", "-", "+"):
            self.advance()
        self.primary()

    def is_function(self) -> bool:
        """Whether the current token begins a function, an aggregate or EXISTS."""
        return self.sign in FUNCTIONS or self.sign in AGGREGATES or self.sign in ("EXISTS", "NOT")

    def primary(self) -> None:
        """A value, a variable, a call or an expression in brackets."""
        if self.text == "(":
            self.bracketed()
        elif self.kind in ("iri", "name"):
            self.advance()
            if self.text == "(":
                self.arguments()
        elif self.kind == "variable":
            self.advance()
        elif self.kind in ("string", "number") or self.sign in ("TRUE", "FALSE"):
            self.constant("")
        elif self.sign in ("EXISTS", "NOT"):
            if self.take("NOT") and self.sign != "EXISTS":
                self.fail("After NOT comes EXISTS here")
            self.advance()
            self.exists += 1
            self.group()
            self.exists -= 1
        elif self.sign in AGGREGATES:
            self._aggregate()
        elif self.kind == "word":
            self._call()
        else:
            self.fail("Here a value is expected: a variable, a constant or a function")

    def _call(self) -> None:
        name, start = self.sign, self.position
        if name not in FUNCTIONS:
            self.fail(f"There is no function '{self.shown}'; a variable begins with ?, and text stands in quotes")
        self.advance()
        if self.text != "(":
            self.fail(f"After {name} '(' is expected")
        arguments = self.arguments()
        least, most = FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            takes = f"{least}" if least == most else f"{least} to {most}"
            self.fail(f"The function '{name}' takes {takes} arguments and has {len(arguments)}", start)
        self.query.calls.append(Call(name, arguments))
        if name == "BOUND":
            self.query.inner.update(range(*arguments[0]))

    def arguments(self) -> list[Span]:
        """Arguments in brackets."""
        self.need("(", "Here '(' is expected")
        self.take("DISTINCT")
        arguments: list[Span] = []
        if self.take(")"):
            return arguments
        while not arguments or self.take(","):
            arguments.append(self._argument())
        self.need(")", "Here an operator, ',' or ')' is expected")
        return arguments

    def _argument(self) -> Span:
        start = self.position
        self.expression()
        return Span(start, self.position)

    def _aggregate(self) -> None:
        name = self.sign
        self.advance()
        self.need("(", f"After {name} '(' is expected")
        self.take("DISTINCT")
        every = name == "COUNT" and self.take("*")
        arguments = [] if every else [self._argument()]
        self.query.calls.append(Call(name, arguments))
        self.query.inner.update(place for argument in arguments for place in range(*argument))
        if name == "GROUP_CONCAT" and self.take(";"):
            self.need("SEPARATOR", "Here SEPARATOR is expected")
            self.need("=", "After SEPARATOR comes =")
            if self.kind != "string":
                self.fail("A separator is a string")
            self.advance()
        self.need(")", "Here an operator or ')' is expected")

    def constant(self, reason: str) -> None:
        """An IRI, a string with its language or type, a number or a truth value."""
        if self.text in ("+", "-"):
            self.advance()
        if self.kind == "string":
            self.advance()
            if self.kind == "language":
                self.advance()
            elif self.take("^^"):
                self.iri()
        elif self.kind in ("iri", "name", "number") or self.sign in ("TRUE", "FALSE"):
            self.advance()
        else:
            self.fail(reason)

    def node(self, reason: str) -> None:
        """A subject or an object, with all that is nested in it."""
        if self.kind in ("variable", "blank"):
            self.advance()
        elif self.take("["):
            if self.text != "]":
                self.properties()
            self.need("]", "Here ']', ';' or ',' is expected")
        elif self.take("("):
            while self.text != ")" and self.kind:
                self.node("Here a member of the list or ')' is expected")
            self.need(")", "Here ')' is expected")
        else:
            self.constant(reason)

    def properties(self) -> list[Property]:
        """Properties with their objects."""
        properties = [self._property()]
        while self.take(";"):
            if self.text not in (";", ".", "]", "}") and self.kind:
                properties.append(self._property())
        return properties

    def _property(self) -> Property:
        if self.kind == "variable":
            path = Path("", (), self.text)
            self.advance()
        else:
            path = self._path()
        objects: list[Span] = []
        while not objects or self.take(","):
            start = self.position
            self.node(_OBJECT)
            objects.append(Span(start, self.position))
        return Property(path, objects)

    def _path(self) -> Path:
        ways = [self._sequence()]
        while self.take("|"):
            ways.append(self._sequence())
        return Path("|", tuple(ways)) if ways[1:] else ways[0]

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self.take("/"):
            steps.append(self._step())
        return Path("/", tuple(steps)) if steps[1:] else steps[0]

    def _step(self) -> Path:
        if self.take("^"):
            return Path("^", (self._step(),))
        path = Path("!", self._negated()) if self.take("!") else self._primary_path()
        if self.text in ("*", "+", "?"):
            path = Path(self.text, (path,))
            self.advance()
        return path

    def _negated(self) -> tuple[Path, ...]:
        """The properties of a negated set, in both directions."""
        if not self.take("("):
            return (self._one_negated(),)
        members: list[Path] = []
        while self.text != ")" and (not members or self.take("|")):
            members.append(self._one_negated())
        self.need(")", "Here '|' or ')' is expected")
        return tuple(members)

    def _one_negated(self) -> Path:
        return Path("^", (self._one_property(),)) if self.take("^") else self._one_property()

    def _primary_path(self) -> Path:
        if not self.take("("):
            return self._one_property()
        path = self._path()
        self.need(")", "Here '/', '|' or ')' is expected")
        return path

    def _one_property(self) -> Path:
        if not (self.kind in ("iri", "name") or self.text == "a"):
            self.fail(_PATH_START)
        path = Path("", (), self.text)
        self.advance()
        return path
