"""Regular expressions in queries: constant patterns, to be tried before a query runs, and constant replacements as the
engine reads them.

The engine has the dialect of Rust's `regex`. A pattern that is none there (a back-reference, a look-ahead, a bracket
too few) is an error in every row, which FILTER takes for no match. In a replacement ``$1x`` is a group named ``1x`` to
it, and a backslash escapes nothing, where XPath has group 1 before an x (XPath Functions §5.6.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from queries.scanner import Token
from server.sparql.outcomes import QueryFailed

_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\((?!\?))", re.DOTALL)
_STEP = re.compile(r"\\([$\\])|\$([0-9]+)|([\\$])|([^\\$]+)")
_WRONG = (
    "In the replacement of a REPLACE a dollar sign is followed by the number of a group, and is written \\\\$ itself; "
    "a backslash is written \\\\\\\\."
)
Argument = list[Token]


def constant_patterns(tokens: Sequence[Token]) -> Iterator[str]:
    """The pattern, with its flags, of each REGEX and REPLACE where both are constant: as they stand in the query."""
    for word, arguments in _calls(tokens):
        given = [arguments[1], *arguments[3 if word == "REPLACE" else 2 :][:1]] if len(arguments) > 1 else []
        if given and all(_is_text(argument) for argument in given):
            yield ", ".join(argument[0][1] for argument in given)


def replacements(tokens: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
    """Where constant replacements stand, and how the engine has to be given them. Raises `QueryFailed` for one that is
    none."""
    for word, arguments in _calls(tokens):
        if word != "REPLACE" or not 3 <= len(arguments) <= 4 or not _is_text(arguments[2]):
            continue
        flags = arguments[3] if len(arguments) == 4 else []
        if flags and (not _is_text(flags) or "q" in flags[0][1]):
            continue
        _, token, start, _ = arguments[2][0]
        given, pattern = _decoded(token), arguments[1]
        groups = sum(1 for match in _GROUP.finditer(_decoded(pattern[0][1])) if match[1]) if _is_text(pattern) else 9
        if "$" in given or "\\" in given:
            yield start, start + len(token), _encoded("".join(_steps(given, groups)))


def _calls(tokens: Sequence[Token]) -> Iterator[tuple[str, list[Argument]]]:
    """Each REGEX and REPLACE with its arguments."""
    for index, (kind, token, _, depth) in enumerate(tokens[:-1]):
        if kind != "word" or token.upper() not in ("REGEX", "REPLACE") or tokens[index + 1][1] != "(":
            continue
        arguments: list[list[Token]] = [[]]
        for each in tokens[index + 2 :]:
            if each[3] == depth:
                break
            if each[1] == "," and each[3] == depth + 1:
                arguments.append([])
            else:
                arguments[-1].append(each)
        yield token.upper(), arguments


def _is_text(argument: Argument) -> bool:
    return len(argument) == 1 and argument[0][0] == "string"


def _decoded(token: str) -> str:
    quotes = 3 if token[:3] in ('"""', "'''") else 1
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[0]), token[quotes:-quotes])


def _encoded(text: str) -> str:
    known = {value: f"\\{name}" for name, value in _ESCAPES.items() if value != "'"}
    return '"' + "".join(known.get(sign, sign) for sign in text) + '"'


def _steps(replacement: str, groups: int) -> Iterator[str]:
    """The parts of a replacement as the engine has them: ``$$`` for a dollar sign, ``${1}`` for a group."""
    for escaped, digits, wrong, plain in (match.groups() for match in _STEP.finditer(replacement)):
        if wrong:
            raise QueryFailed(_WRONG)
        if digits:
            number = next((digits[:end] for end in range(len(digits), 1, -1) if int(digits[:end]) <= groups), digits[0])
            yield (f"${{{number}}}" if int(number) <= groups else "") + digits[len(number) :]
        else:
            yield "$$" if escaped == "$" else escaped or plain
