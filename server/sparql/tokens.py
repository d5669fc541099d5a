"""A reader of tokens that knows where it is: what the grammar's rules are written with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from queries.scanner import Token

_SHOWN = 40


class Fault(Exception):  # noqa: N818 (it is found, not raised for a caller to handle as an error)
    """A token that does not fit: why, and its offset in the text."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


class TokenReader:
    """Stands at one token; at the end ``kind`` and ``text`` are empty."""

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
            found = (
                ""
                if repr(text[:_SHOWN]) in reason or f"'{text[:_SHOWN]}'" in reason
                else f", not {_called(kind, text)}"
            )
            raise Fault(reason + found, offset)
        raise Fault(f"{reason}, but the query ends", self._end)


def _called(kind: str, text: str) -> str:
    name = {"variable": "the variable ", "iri": "the IRI ", "string": "the text ", "number": "the number "}.get(
        kind, ""
    )
    return f"{name}{text[:_SHOWN]}" if name else f"'{text[:_SHOWN]}'"
