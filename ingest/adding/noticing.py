"""What rules recognised in a document and what they did not, in lines for the person who adds it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ingest.adding.guessing import Guess
from ingest.document import Document, Span
from ingest.extraction import Extraction
from ingest.extraction.findings import Findings
from ingest.layout import shape

MAIN_PARTS = ("section", "paragraph", "recommendation")
"""What is counted also where a document has none."""
SHOWN, LISTED = 12, 30
"""How many examples of one kind are shown, and how many doubts of one kind."""
UNRECOGNISED = {
    "citation": "citations that do not say whose provision it is",
    "not described": "citations of what ontology/reference/ does not describe",
    "no directive": "recommendations without a directive",
    "no addressee": "directives that address nobody",
    "name": "names with capitals that ontology/reference/ does not know",
}
"""What may not be recognised, by what the table for review calls it."""
OF_PAGES = ("page number", "running header", "contents")
"""Kinds of furniture that print has and a person may miss."""
WITHOUT_LINE = {"slug": "the name of the file", "language": "the words of the text", "agenda_symbol": "a footnote"}
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:(?: of| on| for| and| the| against| in)*(?: [A-Z][\w’'-]+))+|\b[A-Z]{3,}\b")
_OPENING = re.compile(r"(?:^|[.;:?!]\s+|“)$")


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph or item where something was not recognised: what it is called, the words, and the key of the
    paragraph."""

    place: str
    words: str
    key: str = ""


Noticed = Mapping[str, Sequence[Notice]]
"""What was not recognised, by the kinds of `UNRECOGNISED`."""


def notice(document: Document, extraction: Extraction, described: Collection[str]) -> Noticed:
    """Everything that was not recognised in a document, by what each text is called ("84", "84 (a)", "footnote 2");
    ``described`` are the paths of all that reference data hold."""
    places = {text.path: f"{text.name[0].lower()}{text.name[1:]}" for text in document.unnumbered}
    places |= {text.path: text.label for text in document.numbered}
    keys = {text.path: text.paragraph.key for text in document.numbered}
    noticed: dict[str, list[Notice]] = {kind: [] for kind in UNRECOGNISED}
    for one in extraction.unresolved:
        noticed["citation"].append(Notice(places[one.path], one.words, keys.get(one.path, "")))
    for each in document.numbered:
        text, findings = each.words, extraction.findings.get(each.path, Findings())
        here = partial(Notice, each.label, key=each.paragraph.key)
        if each.paragraph.is_recommendation and not each.letter and not findings.directives:
            noticed["no directive"].append(here(text))
        cited = [mention for mention in findings.mentions if mention.cites and mention.entity not in described]
        noticed["not described"] += [here(mention.span.cut(text)) for mention in cited]
        noticed["no addressee"] += [here(one.span.cut(text)) for one in findings.directives if not one.addressees]
        noticed["name"] += [here(words) for words in _unknown(text, [mention.span for mention in findings.mentions])]
    return noticed


def _unknown(text: str, known: list[Span]) -> Iterator[str]:
    for match in _NAME.finditer(text):
        if any(span.start < match.end() and match.start() < span.end for span in known):
            continue
        words = match[0]
        if _OPENING.search(text[: match.start()]) and " " in words and not words.split()[1][0].isupper():
            continue
        yield words


def recognised_lines(document: Document, extraction: Extraction) -> Iterator[str]:
    """What was recognised, in numbers."""
    meetings = Counter(one.meeting for one in document.paragraphs if one.is_recommendation)
    findings = list(extraction.findings.values())
    directives = [one for each in findings for one in each.directives]
    mentions = [one for each in findings for one in each.mentions]
    yield f"Recognised in {document.slug}:"
    parts = {
        "section": len(document.sections),
        "paragraph": len(document.paragraphs),
        "recommendation": sum(meetings.values()),
        "footnote": len(document.footnotes),
        "text without a number": len(document.texts),
    }
    yield "  " + ", ".join(_counted(number, name) for name, number in parts.items() if number or name in MAIN_PARTS)
    for slug, number in meetings.items():
        yield f"  {number:5} of {f'the meeting {slug}' if slug else 'no meeting'}"
    if not document.paragraphs:
        yield "  It has no numbered paragraphs: its words are kept and shown, and none of them is a recommendation."
    elif not meetings:
        yield (
            "  No paragraph is read as a recommendation: no heading says so. Name their sections or numbers in the "
            'metadata, recommendations = ["III", "12-40"], and run palermo validate.'
        )
    by_modality = Counter(one.modality for one in directives)
    of_each = ", ".join(f"{count} {slug}" for slug, count in by_modality.most_common())
    yield f"  {_counted(len(directives), 'directive')}{f': {of_each}' if of_each else ''}"
    cited = sum(one.cites for one in mentions)
    yield f"  {len(mentions)} names, of which {cited} are citations of provisions, treaties or resolutions"


def _counted(number: int, name: str) -> str:
    """ "1 section", "12 sections", "3 texts without a number"."""
    first, _, rest = name.partition(" ")
    return f"{number} {first}{'' if number == 1 else 's'}{f' {rest}' if rest else ''}"


def noticed_lines(noticed: Noticed) -> Iterator[str]:
    """What was not recognised, with the first examples of each kind."""
    if not any(noticed.values()):
        yield "Not recognised: nothing that could be noticed."
        return
    yield "Not recognised (CONTRIBUTING.md says what to do about each):"
    for kind, notices in noticed.items():
        if not notices:
            continue
        yield f"  {UNRECOGNISED[kind]}: {len(notices)}"
        for one in notices[:SHOWN]:
            words = one.words if len(one.words) <= 90 else one.words[:89].rstrip() + "…"
            yield f"      {one.place}: {words}"
        if len(notices) > SHOWN:
            yield f"      … and {len(notices) - SHOWN} more in review.csv"


def proposal_lines(guessed: Guess, given: Mapping[str, str]) -> Iterator[str]:
    """Formats the proposed metadata, each value with the line of the text that supports it."""
    yield "Proposed from the text (a .toml file holds them; each can be given or corrected):"
    shown = [(key, proposal) for key, proposal in guessed.values.items() if key not in given]
    for key, proposal in (*shown, *((f"“{short}” means", one) for short, one in guessed.means.items())):
        place = (
            f"line {proposal.line}: {_cut(proposal.words)}"
            if proposal.line
            else proposal.words or WITHOUT_LINE.get(key, "")
        )
        yield f"  {key} = {proposal.value}    ({place})"
    for slug, name in guessed.actors.items():
        yield f"  an actor that nobody has described: {slug}, “{name}”"
    for meeting in guessed.meetings:
        yield f"  meeting {meeting.slug}: {meeting.start} to {meeting.end}, {meeting.place or 'no place'}"


def doubt_lines(document: Document) -> Iterator[str]:
    """What reading took one way and that may be meant another way, by line."""
    if not document.doubts:
        return
    yield f"In doubt, by line of {document.slug}.md (name what is right under “confirmed”, or correct the text):"
    for kind, number in Counter(doubt.kind for doubt in document.doubts).items():
        for doubt in [one for one in document.doubts if one.kind == kind][:LISTED]:
            yield f"  line {doubt.line}: {doubt.name}"
        if number > LISTED:
            yield f"  … and {number - LISTED} more of the kind “{kind}”; palermo build lists all"


def left_out_lines(left_out: Sequence[str], document: Document) -> Iterator[str]:
    """What stands on pages and is no words of the document: lines alike but for their numbers are shown once."""
    lines = [*left_out, *(mark.marks for mark in document.furniture if mark.kind in OF_PAGES)]
    alike: dict[str, list[str]] = {}
    for line in lines:
        alike.setdefault(shape(line), []).append(line)
    if alike:
        yield f"Left out as page numbers, heads, feet and contents, no words of the document: {len(lines)} lines"
    for same in list(alike.values())[:LISTED]:
        yield f"  {_cut(same[0])}" + (f"    ({len(same)} such lines)" if same[1:] else "")
    if len(alike) > LISTED:
        yield f"  … and {len(alike) - LISTED} more kinds of lines"


def _cut(words: str) -> str:
    return words if len(words) <= 70 else words[:69].rstrip() + "…"
