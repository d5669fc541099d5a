"""The lower half of the grammar: expressions, functions, paths and the nodes of triples (SPARQL 1.1 Query §19.8)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from queries.scanner import Token

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
AGGREGATES = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")
_BINARY = ("||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/")
_PATH_START = "Here a property is expected: an IRI, a prefixed name, 'a' or a variable"
_OBJECT = "Here an object is expected: a variable, an IRI, a string or a number"


Edit = tuple[int, int, str]
"""Where a piece of a text begins and ends, and what stands there instead."""


def edited(text: str, edits: Sequence[Edit]) -> str:
    """A text with these pieces replaced, which do not overlap."""
    pieces: list[str] = []
    position = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (text[position:start], new)
        position = end
    return "".join([*pieces, text[position:]])


def closing(tokens: Sequence[Token], opening: int) -> int:
    """Where the bracket that a token opens is closed."""
    depth = tokens[opening][3] - 1
    return next((place for place in range(opening + 1, len(tokens)) if tokens[place][3] == depth), len(tokens) - 1)


class Fault(Exception):  # noqa: N818 (it is found, not raised for a caller to handle as an error)
    """A token that does not fit: why, and its offset in the text."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class TokenReader:
    """Reads tokens one by one; at the end ``kind`` and ``text`` are empty."""

    def __init__(self, tokens: Sequence[Token], end: int) -> None:
        self._tokens = tokens
        self._end = end
        self.position = 0

    @property
    def kind(self) -> str:
        """The kind of the token."""
        return self._tokens[self.position][0] if self.position < len(self._tokens) else ""

    @property
    def text(self) -> str:
        """The text of the token."""
        return self._tokens[self.position][1] if self.position < len(self._tokens) else ""

    @property
    def shown(self) -> str:
        """The text of the token, cut for a sentence."""
        return self.text[:_SHOWN]

    def advance(self) -> None:
        """Goes to the next token."""
        self.position += 1

    def take(self, symbol: str) -> bool:
        """Goes past a symbol; whether it was there."""
        if self.kind == "symbol" and self.text == symbol:
            self.position += 1
            return True
        return False

    def is_word(self, *words: str) -> bool:
        """Whether the token is one of these words, in capitals or not."""
        return self.kind == "word" and self.text.upper() in words

    def take_word(self, *words: str) -> bool:
        """Goes past one of these words; whether it was there."""
        if self.is_word(*words):
            self.position += 1
            return True
        return False

    def need(self, symbol: str, reason: str) -> None:
        """Goes past a symbol. Raises `Fault` when it is not there."""
        if not self.take(symbol):
            self.fail(reason)

    def need_word(self, word: str, reason: str) -> None:
        """Goes past a word. Raises `Fault` when it is not there."""
        if not self.take_word(word):
            self.fail(reason)

    def fail(self, reason: str, position: int | None = None) -> NoReturn:
        """Raises `Fault` at the token, or at the one at a position."""
        if position is not None:
            raise Fault(reason, self._tokens[position][2])
        if self.position < len(self._tokens):
            kind, text, offset, _ = self._tokens[self.position]
            instead = (
                ""
                if repr(text[:_SHOWN]) in reason or f"'{text[:_SHOWN]}'" in reason
                else f", not {_called(kind, text)}"
            )
            raise Fault(reason + instead, offset)
        raise Fault(f"{reason}, but the query ends", self._end)


def _called(kind: str, text: str) -> str:
    name = {"variable": "the variable ", "iri": "the IRI ", "string": "the text ", "number": "the number "}.get(
        kind, ""
    )
    return f"{name}{text[:_SHOWN]}" if name else f"'{text[:_SHOWN]}'"


class Span(NamedTuple):
    """The positions of the first of some tokens, and of the one after the last."""

    start: int
    end: int


Property = tuple[Span, list[Span]]
"""A variable or a path, and its objects."""


class ExpressionReader(TokenReader):
    """Reads expressions and triples; `group` belongs to the upper half."""

    @abstractmethod
    def group(self) -> None:
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
            if self.kind == "symbol" and self.text in _BINARY:
                self.advance()
                self._operand()
            elif self.is_word("IN", "NOT"):
                if self.take_word("NOT") and not self.is_word("IN"):
                    self.fail("After NOT comes IN here")
                self.advance()
                self.arguments()
            else:
                return

    def _operand(self) -> None:
        while self.kind == "symbol" and self.text in ("!", "-", "+"):
            self.advance()
        self.primary()

    def is_function(self) -> bool:
        """Whether the current token begins a function, an aggregate or EXISTS."""
        return self.kind == "word" and (
            self.text.upper() in FUNCTIONS or self.is_word(*AGGREGATES) or self.is_word("EXISTS", "NOT")
        )

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
        elif self.kind in ("string", "number") or self.is_word("TRUE", "FALSE"):
            self.constant("")
        elif self.take_word("EXISTS"):
            self.group()
        elif self.take_word("NOT"):
            self.need_word("EXISTS", "After NOT comes EXISTS here")
            self.group()
        elif self.is_word(*AGGREGATES):
            self._aggregate()
        elif self.kind == "word":
            self._call()
        else:
            self.fail("Here a value is expected: a variable, a constant or a function")

    def _call(self) -> None:
        name, start = self.text.upper(), self.position
        if name not in FUNCTIONS:
            self.fail(f"There is no function '{self.shown}'; a variable begins with ?, and text stands in quotes")
        self.advance()
        if self.text != "(":
            self.fail(f"After {name} '(' is expected")
        count = self.arguments()
        least, most = FUNCTIONS[name]
        if not least <= count <= most:
            takes = f"{least}" if least == most else f"{least} to {most}"
            self.fail(f"The function '{name}' takes {takes} arguments and has {count}", start)

    def arguments(self) -> int:
        """Arguments in brackets; how many."""
        self.need("(", "Here '(' is expected")
        self.take_word("DISTINCT")
        count = 0
        if self.take(")"):
            return count
        while True:
            self.expression()
            count += 1
            if not self.take(","):
                break
        self.need(")", "Here an operator, ',' or ')' is expected")
        return count

    def _aggregate(self) -> None:
        name = self.text.upper()
        self.advance()
        self.need("(", f"After {name} '(' is expected")
        self.take_word("DISTINCT")
        if not (name == "COUNT" and self.take("*")):
            self.expression()
        if name == "GROUP_CONCAT" and self.take(";"):
            self.need_word("SEPARATOR", "Here SEPARATOR is expected")
            self.need("=", "After SEPARATOR comes =")
            if self.kind != "string":
                self.fail("A separator is a string")
            self.advance()
        self.need(")", "Here an operator or ')' is expected")

    def constant(self, reason: str) -> None:
        """An IRI, a string with its language or type, a number or a truth value."""
        if self.kind == "symbol" and self.text in ("+", "-"):
            self.advance()
        if self.kind == "string":
            self.advance()
            if self.kind == "language":
                self.advance()
            elif self.take("^^"):
                self.iri()
        elif self.kind in ("iri", "name", "number") or self.is_word("TRUE", "FALSE"):
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
        """Properties with their objects: where each stands."""
        properties = [self._property()]
        while self.take(";"):
            if self.text not in (";", ".", "]", "}") and self.kind:
                properties.append(self._property())
        return properties

    def _property(self) -> Property:
        start = self.position
        if self.kind == "variable":
            self.advance()
        else:
            self._path()
        path = Span(start, self.position)
        objects: list[Span] = []
        while not objects or self.take(","):
            start = self.position
            self.node(_OBJECT)
            objects.append(Span(start, self.position))
        return path, objects

    def _path(self) -> None:
        self._path_step()
        while self.kind == "symbol" and self.text in ("/", "|"):
            self.advance()
            self._path_step()

    def _path_step(self) -> None:
        while self.kind == "symbol" and self.text in ("^", "!"):
            self.advance()
        if self.take("("):
            if self.text != ")":
                self._path()
            self.need(")", "Here '/', '|' or ')' is expected")
        elif self.kind in ("iri", "name") or (self.kind == "word" and self.text == "a"):
            self.advance()
        else:
            self.fail(_PATH_START)
        if self.kind == "symbol" and self.text in ("*", "+", "?"):
            self.advance()
