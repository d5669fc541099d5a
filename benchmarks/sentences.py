"""Recommendations made of words by chance, each with its truth: what it names and what it asks of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from benchmarks import words
from benchmarks.markup import Mark, read_markup

Choice = TypeVar("Choice", bound=tuple[object, ...])


@dataclass(frozen=True, slots=True)
class Asking:
    """One directive of a text: ``text[start:end]`` are its words; the rest are slugs as the gold standard has them."""

    start: int
    end: int
    modality: str
    consider_only: bool
    addressees: tuple[str, ...]
    asked: tuple[str, ...]
    qualifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommended:
    """A paragraph with its truth; ``items`` are texts with their marks, lettered from (a)."""

    text: str
    marks: tuple[Mark, ...]
    askings: tuple[Asking, ...]
    items: tuple[tuple[str, tuple[Mark, ...]], ...] = ()


@dataclass(slots=True)
class _Draft:
    """A paragraph in the making."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    askings: tuple[Asking, ...] = ()

    def say(self, markup: str) -> tuple[Mark, ...]:
        """Adds words; returns their marks."""
        piece = read_markup(markup)
        added = tuple(mark.moved(len(self.text)) for mark in piece.marks)
        self.marks += added
        self.text += piece.text
        return added

    def ask(self, start: int, modality: str, consider: bool, to: Sequence[str], qualifiers: Sequence[str]) -> None:
        """Notes that the words from ``start`` to here are a directive."""
        inside = [mark for mark in self.marks if mark.asked and mark.start >= start]
        asked = tuple(mark.entity.removeprefix("actor/") for mark in inside)
        self.askings += (Asking(start, len(self.text), modality, consider, tuple(to), asked, tuple(qualifiers)),)


def citation(provision: tuple[str, int, int | None], short: bool) -> str:
    """A provision as a text cites it, marked: ``article 16, paragraph 5, of the Smuggling of Migrants Protocol``."""
    instrument, article, paragraph = provision
    name = words.INSTRUMENT_NAMES[instrument][short]
    path = f"instrument/{instrument}/article/{article}" + (f"/paragraph/{paragraph}" if paragraph else "")
    printed = f"article {article}" + (f", paragraph {paragraph}," if paragraph else "")
    return f"[{printed} of the [{name}|instrument/{instrument}]|{path}!]"


class Sentences:
    """Makes paragraphs; the same chance makes the same paragraphs."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def recommendation(self) -> Recommended:
        """A paragraph of one or two sentences with at least one directive."""
        draft = _Draft()
        kind = self.chance.random()
        if kind < 0.04:
            return self._topics()
        if kind < 0.10:
            self._requested(draft)
        elif kind < 0.13:
            self._recommended(draft)
        elif kind < 0.19:
            self._passive(draft)
        else:
            self._addressed(draft)
        return Recommended(draft.text, draft.marks, draft.askings)

    def _weighted(self, choices: Sequence[Choice]) -> Choice:
        return self.chance.choices(choices, [float(str(choice[-1])) for choice in choices])[0]

    def _action(self, draft: _Draft, gerund: bool) -> None:
        if self.chance.random() < 0.12:
            base, being, rest = self.chance.choice(words.ASKED)
            draft.say(f"{being if gerund else base} {rest}")
            return
        draft.say(f"{self.chance.choice(words.VERBS)[gerund]} {self.chance.choice(words.OBJECTS)}")
        draft.say(self.chance.choice(words.PURPOSES))
        if self.chance.random() < 0.15:
            provision = self.chance.choice(words.PROVISIONS)
            draft.say(f", as referred to in {citation(provision, self.chance.random() < 0.3)}")

    def _addressed(self, draft: _Draft) -> None:
        chance = self.chance
        subject, addressees, plural, _ = self._weighted(words.SUBJECTS)
        if chance.random() < 0.15:
            draft.say(chance.choice(words.LEAD_INS) if chance.random() < 0.6 else self._pursuant())
            subject = subject[0].lower() + subject[1:]
        draft.say(subject + " ")
        modal, _ = self._clause(draft, 0, addressees, plural)
        if modal == "should" and chance.random() < 0.12:
            draft.say(" and ")
            self._clause(draft, len(draft.text), addressees, plural, "should")
        draft.say(".")
        following = chance.random()
        if following < 0.12:
            draft.say(f" {chance.choice(words.DESCRIPTIONS)}")
        elif following < 0.24 and plural:
            draft.say(" ")
            start = len(draft.text)
            draft.say("They may also wish to ")
            self._rest(draft, start, "may-wish", addressees)
            draft.say(".")

    def _pursuant(self) -> str:
        return f"Pursuant to {citation(self.chance.choice(words.PROVISIONS), False)}, "

    def _clause(
        self, draft: _Draft, start: int, addressees: tuple[str, ...], plural: bool, modal: str = ""
    ) -> tuple[str, str]:
        printed, modality, _ = self._weighted(words.MODALS)
        if modal:
            printed = modality = modal
        draft.say(printed if plural else printed.replace("are ", "is "))
        qualifiers: list[str] = []
        if printed in ("should", "may", "could") and self.chance.random() < 0.12:
            within, slug = self.chance.choice(words.QUALIFIERS_WITHIN)
            draft.say(f", [{within}|qualifier/{slug}], ")
            qualifiers.append(slug)
        else:
            draft.say(" ")
        self._rest(draft, start, modality, addressees, qualifiers)
        return printed, modality

    def _rest(
        self, draft: _Draft, start: int, modality: str, addressees: Sequence[str], qualifiers: Sequence[str] = ()
    ) -> None:
        consider = self.chance.random() < (0.45 if modality in ("may-wish", "could", "may") else 0.12)
        if consider:
            draft.say("consider ")
        self._action(draft, gerund=consider)
        found = list(qualifiers)
        if self.chance.random() < 0.15:
            behind, slug = self.chance.choice(words.QUALIFIERS_BEHIND)
            draft.say(f", [{behind}|qualifier/{slug}]")
            found.append(slug)
        draft.ask(start, modality, consider, addressees, tuple(dict.fromkeys(found)))

    def _passive(self, draft: _Draft) -> None:
        what, done = self.chance.choice(words.PASSIVES)
        draft.say(f"{what} should be {done}")
        draft.ask(0, "should", False, (), ())
        draft.say(".")

    def _requested(self, draft: _Draft) -> None:
        name, slug = self.chance.choice(
            (("[UNODC|actor/unodc]", "unodc"), ("the [Secretariat|actor/secretariat]", "secretariat"))
        )
        draft.say(f"The [Working Group|actor/working-group] requested {name} to ")
        draft.say(f"{self.chance.choice(words.VERBS)[0]} {self.chance.choice(words.OBJECTS)}")
        draft.ask(0, "requested", False, (slug,), ())
        draft.say(".")

    def _recommended(self, draft: _Draft) -> None:
        draft.say(
            "The [Working Group|actor/working-group] recommended that [States parties|actor/states-parties] should "
        )
        draft.say(f"{self.chance.choice(words.VERBS)[0]} {self.chance.choice(words.OBJECTS)}")
        draft.ask(0, "recommended", False, ("states-parties",), ())
        draft.say(".")

    def _topics(self) -> Recommended:
        draft = _Draft()
        draft.say(
            "The [Working Group|actor/working-group] recommended to the [Conference|actor/conference-of-the-parties]"
        )
        draft.say(" that the following topics be considered at future meetings")
        draft.ask(0, "recommended", True, ("conference-of-the-parties",), ())
        draft.say(":")
        topics = [read_markup(topic) for topic in self.chance.sample(words.TOPICS, self.chance.randint(2, 4))]
        items = tuple((topic.text + (";" if topic is not topics[-1] else "."), topic.marks) for topic in topics)
        return Recommended(draft.text, draft.marks, draft.askings, items)
