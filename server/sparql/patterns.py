"""Regular expressions in queries: constant patterns, to be tried before a query runs, and constant replacements as the
engine reads them.

The engine has the dialect of Rust's `regex`. A pattern that is none there (a back-reference, a look-ahead, a bracket
too few) is an error in every row, which FILTER takes for no match. In a replacement ``$1x`` is a group named ``1x`` to
it, and a backslash escapes nothing, where XPath has group 1 before an x (XPath Functions §5.6.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from queries.parsed_query import ParsedQuery, Span
from queries.scanner import Edit
from server.sparql.outcomes import QueryFailed

_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\((?!\?))", re.DOTALL)
_STEP = re.compile(r"\\([$\\])|\$([0-9]+)|([\\$])|([^\\$]+)")
_WRONG = (
    "In the replacement of a REPLACE a dollar sign is followed by the number of a group, and is written \\\\$ itself; "
    "a backslash is written \\\\\\\\."
)


def constant_patterns(query: ParsedQuery) -> Iterator[str]:
    """The pattern, with its flags, of each REGEX and REPLACE where both are constant: as they stand in the query."""
    for call in query.calls:
        if call.name in ("REGEX", "REPLACE"):
            flags = call.arguments[3 if call.name == "REPLACE" else 2 :]
            given = [_constant(query, argument) for argument in (call.arguments[1], *flags)]
            if all(given):
                yield ", ".join(given)


def replacements(query: ParsedQuery) -> Iterator[Edit]:
    """Where constant replacements stand, and how the engine has to be given them. Raises `QueryFailed` for one that is
    none."""
    for call in query.calls:
        if call.name != "REPLACE":
            continue
        pattern, replacement, *flags = (_constant(query, argument) for argument in call.arguments[1:])
        if not replacement or (flags and (not flags[0] or "q" in flags[0])):
            continue
        given = _decoded(replacement)
        groups = sum(1 for match in _GROUP.finditer(_decoded(pattern)) if match[1]) if pattern else 9
        if "$" in given or "\\" in given:
            start = query.offset(call.arguments[2].start)
            yield start, start + len(replacement), _encoded("".join(_steps(given, groups)))


def _constant(query: ParsedQuery, argument: Span) -> str:
    """An argument that is a string and nothing else; empty for another."""
    kind, token = query.tokens[argument.start][:2]
    return token if kind == "string" and argument.end == argument.start + 1 else ""


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
