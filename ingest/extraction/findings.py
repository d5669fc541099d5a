"""What rules find in a text: mentions and directives as plain values with their positions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingest.document import Span

Kind = Literal["actor", "tool", "instrument", "provision", "resolution", "group", "qualifier", "action"]


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A name in a text: ``entity`` is its path below the base (``id/actor/unodc``).

    A qualifier or an action names nothing, but is found at its words. ``cites`` marks a citation: a provision, a
    resolution, or an instrument named on its own; ``is_inferred`` a short name that means what the same text named in
    full before, and a provision of it.
    """

    span: Span
    entity: str
    kind: Kind
    cites: bool = False
    is_inferred: bool = False


@dataclass(frozen=True, slots=True)
class Directive:
    """One operative modal with its addressees. ``span`` is its words in the paragraph.

    ``modality``, ``addressees`` and ``asked`` are slugs, in order of appearance; ``qualifiers`` are the words inside
    ``span`` that bound what it asks, with their places in the paragraph.
    ``beside`` are those of the qualifiers that bound only the words they stand beside; the others bound the directive.
    ``unlisted`` gives the words of each addressee or asked actor whom no lexicon has, with the path made of them.
    ``operative`` is the span of the modal phrase itself ("may wish to consider").
    ``actions`` are the verbs that say what is asked, ``asked_actions`` those that say what the asked actors are to do.
    """

    span: Span
    modality: str
    consider_only: bool
    addressees: tuple[str, ...]
    asked: tuple[str, ...]
    qualifiers: tuple[Mention, ...]
    issuer: str
    operative: Span
    unlisted: tuple[tuple[str, str], ...] = ()
    beside: tuple[Mention, ...] = ()
    actions: tuple[Mention, ...] = ()
    asked_actions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All that rules found in one text (a paragraph, or a lettered item, which has mentions only)."""

    mentions: tuple[Mention, ...] = ()
    directives: tuple[Directive, ...] = ()
